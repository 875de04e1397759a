/** Reads the server's configuration file; the door to SnakeYAML for what operators write. */
@NullMarked
package org.joblog.ingest.config;

import org.jspecify.annotations.NullMarked;
