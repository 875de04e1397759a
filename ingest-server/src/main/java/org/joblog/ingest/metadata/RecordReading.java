package org.joblog.ingest.metadata;

import java.util.List;
import java.util.Set;

/**
 * What stands in a metadata line. Immutable.
 *
 * @param json the object in the canonical form of {@link MetadataRecord#json}
 * @param numbers its numbers, each key once, in the order of the record
 * @param others its values that are no finite numbers, each key once, in the order of the record
 * @param passed the caps that the object passed
 */
public record RecordReading(
    String json, List<NumericValue> numbers, List<OtherValue> others, Set<Cap> passed) {

  public RecordReading {
    numbers = List.copyOf(numbers);
    others = List.copyOf(others);
    passed = Set.copyOf(passed);
  }
}
