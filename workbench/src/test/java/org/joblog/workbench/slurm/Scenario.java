package org.joblog.workbench.slurm;

import java.util.List;

/**
 * A job that must be the same with joblog and without. Immutable.
 *
 * @param name of its folder
 * @param options of sbatch
 * @param script what it runs
 * @param inOrder whether its output has an order at all; ranks at once have none, nor what
 *     slurmstepd itself writes past the pipe
 */
record Scenario(String name, List<String> options, String script, boolean inOrder) {

  /** Whether it goes on long after the others; it starts no second step. */
  boolean isLong() {
    return name.equals("time-limit");
  }

  private static Scenario of(String name, String options, String... lines) {
    return new Scenario(name, words(options), script(lines), true);
  }

  private static Scenario unordered(String name, String options, String... lines) {
    return new Scenario(name, words(options), script(lines), false);
  }

  private static List<String> words(String options) {
    return options.isEmpty() ? List.of() : List.of(options.split(" "));
  }

  private static String script(String... lines) {
    return "#!/bin/bash\n" + String.join("\n", lines) + "\n";
  }

  /**
   * All that users do. No script runs two steps one after the other: Slurm may say of the second
   * that it had to wait, or may not.
   */
  static List<Scenario> all() {
    return List.of(
        of("merged", "-o out", "echo one; echo two >&2; echo three; echo four >&2"),
        of("separate", "-o out -e err", "echo one; echo two >&2; echo three; echo four >&2"),
        of("nowhere", "-o /dev/null", "echo one; echo two"),
        of("append", "-o out --open-mode=append", "echo one; echo two"),
        of("no-output", "-o out", "true"),
        of("open-end", "-o out", "printf 'no line end'"),
        of("exit-3", "-o out", "echo before; exit 3"),
        of("killed", "-o out", "echo before; kill -9 $$"),
        of("fault", "-o out", "ulimit -c 0; echo before; kill -SEGV $$"),
        of(
            "python",
            "-o out",
            "exec perl -e 'print \"line $_\\n\" for 1..1000; print STDERR \"end\\n\"'"),
        of(
            "devices",
            "-o out",
            "echo one >> /dev/stdout; echo two | tee -a /dev/stderr >/dev/null; echo three >> /proc/self/fd/1"),
        of(
            "array",
            "-o out-%a --array=0-2",
            "echo task $SLURM_ARRAY_TASK_ID; exit $SLURM_ARRAY_TASK_ID"),
        of(
            "separate-array",
            "-o out-%a -e err-%a --array=0-1",
            "echo out $SLURM_ARRAY_TASK_ID; echo err $SLURM_ARRAY_TASK_ID >&2"),
        of("last-lines", "-o out-%a --array=0-19", "echo last $SLURM_ARRAY_TASK_ID"),
        unordered(
            "ranks", "-o out -n4", "srun -l bash -c 'echo rank $SLURM_PROCID; echo wrong >&2'"),
        unordered(
            "two-nodes",
            "-o out -N2 -n2",
            "srun -l bash -c 'echo rank $SLURM_PROCID on $SLURMD_NODENAME'"),
        of("unbuffered", "-o out", "srun -u bash -c 'test -t 1 && echo a terminal'"),
        of("elsewhere", "-o out", "echo here; srun -o data echo there"),
        of("redirected", "-o out", "echo here; srun echo there > data"),
        of("bare", "-o out", "echo here; srun --export=NONE /bin/echo there"),
        unordered(
            "het",
            "-o out -n1 : -n1",
            "srun --het-group=0,1 -l bash -c 'echo component $SLURM_PROCID'"),
        of("left-behind", "-o out", "(sleep 40; echo never) & echo started"),
        of(
            "burst",
            "-o out",
            "seq -f 'line %09.0f of a burst that ends at once with its job, as long as lines are wont to be, and longer' 500000"),
        of(
            "requeued",
            "-o out --open-mode=append --requeue",
            "echo run ${SLURM_RESTART_COUNT:-0}",
            "[ -z \"$SLURM_RESTART_COUNT\" ] || exit 0",
            // slurmstepd's own line goes past the pipe and may overtake what is still in it.
            "until grep -q run out; do sleep 0.1; done",
            "scontrol requeue $SLURM_JOB_ID; sleep 60"),
        unordered(
            "trapped",
            "-o out",
            "trap 'echo caught; exit 7' TERM",
            "echo waiting; sleep 1; scancel -b -s TERM $SLURM_JOB_ID; sleep 60 & wait"),
        unordered("failed-step", "-o out", "srun bash -c 'echo working; exit 5'", "echo status $?"),
        unordered("time-limit", "-o out -t 1", "echo working; sleep 600"),
        unordered("cancelled", "-o out", "echo waiting; sleep 1; scancel $SLURM_JOB_ID; sleep 60"));
  }
}
