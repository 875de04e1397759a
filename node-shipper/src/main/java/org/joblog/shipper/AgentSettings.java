package org.joblog.shipper;

import java.nio.file.Path;

/**
 * What is asked of a node's agent. Immutable.
 *
 * @param common what it shares with {@code run}: server, secret, TLS, limits of each job
 * @param socket where relays find it
 * @param relayUser account of the relays, by name or number; empty for the agent's own
 * @param stateFolder where it keeps what does not fit into memory, and what outlives it
 * @param nodeSpoolBytes most that all jobs together keep there
 */
record AgentSettings(
    Settings common, Path socket, String relayUser, Path stateFolder, long nodeSpoolBytes) {}
