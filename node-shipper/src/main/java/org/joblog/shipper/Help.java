package org.joblog.shipper;

import java.util.Arrays;

/** What the program says of itself. */
final class Help {

  private static final String TEXT =
      """
      joblog-shipper run [OPTIONS] -- COMMAND [ARGS...]
          Runs COMMAND. If ~/.logoptin exists, ships what it prints to a joblog server; the output goes
          where it always went, first and unchanged. Signals and the exit status pass through.

      Options; each can also be JOBLOG_NAME in the environment or `name = value` in
      /etc/joblog/shipper.conf, the first of these counts:
        --server HOST:PORT    where the server listens; without it COMMAND just runs. HOST:PORT,HOST:PORT...
                              where several do, which are tried in this order
        --home DIR            where to look for .logoptin     (default: as in the password database)
        --secret-file FILE    file with the cluster's secret
        --cluster NAME        name of the cluster             (default: Slurm's, else "local")
        --job ID              id of the job                   (default: Slurm's, else a new one)
        --task N              rank of the task, without Slurm (default: 0)
        --spool-dir DIR       for what does not fit into memory while the server is away; a local disk
                                                              (default: $TMPDIR, else /tmp)
        --spool-limit BYTES   most that is kept there; K, M, G (default: 256M)
        --hold-budget SECONDS how long a slow server may hold the job back without any progress
                                                              (default: 600)
        --drain SECONDS       how long to wait for the server at the end without any progress
                                                              (default: 5)
        --linger SECONDS      how long to wait at the end for output of processes in the background
                                                              (default: 2)
        --tls                 speak TLS
        --ca-file FILE        certificates to trust, PEM      (default: the system's)
        --cert-file FILE, --key-file FILE
                              what this node shows if the server asks, PEM, the key as PKCS#8
        --log-file FILE       tell there what happens
        --verbose             tell on standard error what happens

      joblog-shipper agent [OPTIONS]
          Carries the output of a node's jobs, which relays bring (see deploy/slurm), to the server.

      Options; each can also be JOBLOG_NAME in the environment or `name = value` in
      /etc/joblog/agent.conf, the first of these counts. --server, --secret-file, --tls, --ca-file,
      --cert-file, --key-file, --hold-budget, --spool-limit (for each job) and --log-file as above, and:
        --config FILE         read this file instead
        --socket FILE         where relays find the agent     (default: /run/joblog/agent.sock)
        --relay-user USER     account of the relays           (default: the agent's own)
        --spool-dir DIR       what is not sent yet            (default: /var/lib/joblog)
        --node-spool-limit BYTES
                              most that all jobs keep there   (default: 1G)
        --check               say what is wrong, and end

      joblog-shipper --help | --version
      """;

  private static final int USAGE = 2;

  private Help() {}

  /** Whether there is an option that asks for help. */
  static boolean isAsked(String[] args) {
    return Arrays.asList(args).contains("--help");
  }

  /** Answers a call that runs nothing; returns the exit code. */
  static int answer(String[] args) {
    String first = isAsked(args) ? "--help" : args.length == 0 ? "" : args[0];
    return switch (first) {
      case "--help", "-h", "help" -> {
        System.out.print(TEXT);
        yield 0;
      }
      case "--version" -> {
        String version = Help.class.getPackage().getImplementationVersion();
        System.out.println("joblog-shipper " + (version == null ? "development" : version));
        yield 0;
      }
      default -> {
        System.err.print(TEXT);
        yield USAGE;
      }
    };
  }
}
