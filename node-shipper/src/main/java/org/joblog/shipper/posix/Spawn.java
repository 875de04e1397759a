package org.joblog.shipper.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A program to be started: its words, its environment, the signals that it begins with, and where
 * its descriptors lead. Confined to one thread.
 */
public final class Spawn {

  /** Room for posix_spawnattr_t (336 bytes) and posix_spawn_file_actions_t (80), with reserve. */
  private static final int OPAQUE_BYTES = 512;

  private static final short POSIX_SPAWN_SETSIGDEF = 4;
  private static final short POSIX_SPAWN_SETSIGMASK = 8;
  private static final short FLAGS = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;

  /** What the C library keeps for its threads, and would leave ignored in the program. */
  private static final long OF_THE_LIBRARY = Signals.bits(32, 33);

  private static final MethodHandle SPAWNP =
      status("posix_spawnp", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle ATTR_INIT = status("posix_spawnattr_init", ADDRESS);
  private static final MethodHandle ATTR_FLAGS =
      status("posix_spawnattr_setflags", ADDRESS, JAVA_SHORT);
  private static final MethodHandle ATTR_MASK =
      status("posix_spawnattr_setsigmask", ADDRESS, ADDRESS);
  private static final MethodHandle ATTR_DEFAULT =
      status("posix_spawnattr_setsigdefault", ADDRESS, ADDRESS);
  private static final MethodHandle ACTIONS_INIT = status("posix_spawn_file_actions_init", ADDRESS);
  private static final MethodHandle ACTIONS_DUP2 =
      status("posix_spawn_file_actions_adddup2", ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle ACTIONS_CLOSE =
      status("posix_spawn_file_actions_addclose", ADDRESS, JAVA_INT);

  private record Redirect(int from, int to) {}

  private final List<byte[]> command;
  private final List<byte[]> environment;
  private final List<Redirect> redirects = new ArrayList<>();
  private long blocked;
  private long reset = OF_THE_LIBRARY;

  /**
   * A program to be started.
   *
   * @param command its name, looked up along PATH, and its arguments
   * @param environment {@code NAME=value} each
   */
  public Spawn(List<byte[]> command, List<byte[]> environment) {
    this.command = command;
    this.environment = environment;
  }

  private static MethodHandle status(String name, MemoryLayout... arguments) {
    return Native.plain(name, JAVA_INT, arguments);
  }

  /** The program's descriptor {@code to} leads where {@code from} leads here. */
  public Spawn redirect(int from, int to) {
    redirects.add(new Redirect(from, to));
    return this;
  }

  /** The program begins without this descriptor. */
  public Spawn close(int fd) {
    redirects.add(new Redirect(-1, fd));
    return this;
  }

  /** Signals that were ignored when this process started: the program ignores them too. */
  public Spawn ignored(long signals) {
    reset = OF_THE_LIBRARY & ~signals;
    return this;
  }

  /** The program begins with these signals blocked. */
  public Spawn blocked(long signals) {
    blocked = signals;
    return this;
  }

  /**
   * Starts it.
   *
   * @return its process id, or a negated errno
   */
  public int start() {
    int result = start(command);
    if (result == -Errno.ENOEXEC) {
      // As execvp and every shell do it: a text without "#!" is a script for sh.
      List<byte[]> script = new ArrayList<>();
      script.add("/bin/sh".getBytes(StandardCharsets.US_ASCII));
      script.addAll(command);
      return start(script);
    }
    return result;
  }

  private int start(List<byte[]> words) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment actions = arena.allocate(OPAQUE_BYTES, 16);
      MemorySegment attributes = arena.allocate(OPAQUE_BYTES, 16);
      MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
      check((int) ACTIONS_INIT.invokeExact(actions));
      for (Redirect redirect : redirects) {
        check(
            redirect.from < 0
                ? (int) ACTIONS_CLOSE.invokeExact(actions, redirect.to)
                : (int) ACTIONS_DUP2.invokeExact(actions, redirect.from, redirect.to));
      }
      check((int) ATTR_INIT.invokeExact(attributes));
      check((int) ATTR_FLAGS.invokeExact(attributes, FLAGS));
      check((int) ATTR_DEFAULT.invokeExact(attributes, Signals.set(arena, reset)));
      check((int) ATTR_MASK.invokeExact(attributes, Signals.set(arena, blocked)));
      int error =
          (int)
              SPAWNP.invokeExact(
                  pid,
                  Native.cString(arena, words.getFirst()),
                  actions,
                  attributes,
                  Processes.vector(arena, words),
                  Processes.vector(arena, environment));
      return error == 0 ? pid.get(JAVA_INT, 0) : -error;
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  private static void check(int error) {
    if (error != 0) {
      throw new IllegalStateException("posix_spawn preparation: error " + error);
    }
  }
}
