/** The page that the server shows, in a real browser. */
@NullMarked
package org.joblog.workbench.page;

import org.jspecify.annotations.NullMarked;
