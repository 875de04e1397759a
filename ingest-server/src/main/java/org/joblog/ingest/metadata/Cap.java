package org.joblog.ingest.metadata;

/** A bound on metadata that a record can pass. Immutable. */
public enum Cap {
  KEYS,
  OBJECT_BYTES,
  DEPTH,
  KEY_LENGTH,
  ARRAY_LENGTH;

  /** What a user is told, once a job. */
  String notice(MetadataLimits limits) {
    String what =
        switch (this) {
          case KEYS -> "more than " + limits.keys() + " different metadata keys";
          case OBJECT_BYTES -> "a metadata object of more than " + limits.objectBytes() + " bytes";
          case DEPTH -> "a metadata object nested deeper than " + limits.depth() + " levels";
          case KEY_LENGTH ->
              "a metadata key of more than " + limits.keyCharacters() + " characters";
          case ARRAY_LENGTH ->
              "an array of more than " + limits.arrayLength() + " elements in metadata";
        };
    return "This job printed " + what + ": what goes beyond is kept in the table, not graphed.";
  }
}
