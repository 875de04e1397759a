/** The agent's side towards relays: who comes, what job it belongs to, what outlives a restart. */
@NullMarked
package org.joblog.shipper.relay;

import org.jspecify.annotations.NullMarked;
