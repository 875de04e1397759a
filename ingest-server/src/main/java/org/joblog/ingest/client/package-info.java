/**
 * Asks the server for jobs as a person on a head node does, and makes text for terminals of the
 * answers.
 */
@NullMarked
package org.joblog.ingest.client;

import org.jspecify.annotations.NullMarked;
