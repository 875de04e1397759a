package org.joblog.ingest.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A key of the configuration file: its text for people, its default and its range stand beside the
 * record component that holds it, and nowhere else. The key is the component's name in snake case.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Setting {

  /** What it is for, in a sentence or two. */
  String doc();

  /** The value where the file does not name the key, as it would be written there. */
  String byDefault();

  /** Smallest value, as it would be written; empty where there is none. */
  String min() default "";

  /** Largest value, as it would be written; empty where there is none. */
  String max() default "";
}
