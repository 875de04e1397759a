package org.joblog.ingest.metadata;

/**
 * Bounds on metadata. What goes beyond them stays in the record's table and is not graphed.
 * Immutable.
 *
 * @param keys different keys of one job with statistics and graphs; a person looks at tens
 * @param objectBytes longest object whose numbers are graphed; a record of ten numbers has about
 *     200 bytes
 * @param depth deepest nesting that is kept as such; below it the text of a value is kept as a
 *     string, so that no reader has to recurse far
 * @param parsedDepth deepest nesting of a record; a line beyond it is text
 * @param keyCharacters longest dotted key that is graphed
 * @param arrayLength longest array whose numbers are graphed; longer ones are data, not metrics
 * @param numberCharacters longest number that the record keeps as a number; longer ones are kept as
 *     a string, exactly
 * @param textCharacters how much of the newest value of a key that is not a number is kept with its
 *     statistics
 * @param carriedKeys how many keys' statistics the newest record of a commit carries, if it has not
 *     changed half of them itself; beyond it they are settled, so that a record of one key does not
 *     carry a thousand
 * @param carriedRecords after so many records they are settled, so that they do not depend for ever
 *     on a record that ends with its retention
 */
public record MetadataLimits(
    int keys,
    int objectBytes,
    int depth,
    int parsedDepth,
    int keyCharacters,
    int arrayLength,
    int numberCharacters,
    int textCharacters,
    int carriedKeys,
    int carriedRecords) {

  /** The limits that the documentation names. */
  public static final MetadataLimits DEFAULT =
      new MetadataLimits(1000, 64 * 1024, 16, 1000, 256, 16, 400, 200, 64, 10_000);

  /** The same with other bounds on what a record carries. */
  public MetadataLimits withCarried(int keys, int records) {
    return new MetadataLimits(
        this.keys,
        objectBytes,
        depth,
        parsedDepth,
        keyCharacters,
        arrayLength,
        numberCharacters,
        textCharacters,
        keys,
        records);
  }
}
