/**
 * Shows people their jobs: a page, sessions, and the interface over HTTP that docs/viewing.md
 * describes.
 */
@NullMarked
package org.joblog.ingest.viewing;

import org.jspecify.annotations.NullMarked;
