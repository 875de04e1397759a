package org.joblog.ingest.console;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Takes a stream of code points apart, as the VT500 does: characters, controls, sequences.
 * Sequences end at their final byte whether they are understood or not, strings at their
 * terminator, so that nothing of them is left over as text. Confined to its lane's thread.
 *
 * <pre>
 *            ESC              [                 0x40-0x7E
 *   GROUND ──────► ESCAPE ─────────► CSI ───────────────────► csi()
 *                    │ 0x20-0x2F ► ESCAPE_INTERMEDIATE ─────► escape()
 *                    │ ] _ ^ X P
 *                    └─────────► OSC APC PRIVACY DCS ── ST, BEL, LF, 64 KiB ──► GROUND
 * </pre>
 */
final class Parser {

  /** What the parts of the stream do. */
  interface Actions {

    /** A printable character, or one without a width. */
    void print(int codePoint);

    /** A control character below 0x20. */
    void execute(int control);

    /** An escape sequence without parameters; the intermediate byte is 0 if there is none. */
    void escape(int intermediate, int end);

    /** A control sequence. */
    void csi(Parameters parameters, int end);
  }

  private enum State {
    GROUND,
    ESCAPE,
    ESCAPE_INTERMEDIATE,
    CSI,
    CSI_INTERMEDIATE,
    CSI_IGNORE,
    OSC,
    APC,
    /** PM and SOS: only ST, or a line feed, ends them. */
    PRIVACY,
    DCS
  }

  private static final int CAN = 0x18;
  private static final int SUB = 0x1A;
  private static final int ESC = 0x1B;
  private static final int BEL = 0x07;
  private static final int DEL = 0x7F;

  /** String terminator in its 8-bit form. */
  private static final int ST = 0x9C;

  /** Longest string: no title, link or image of a log is worth more text than this. */
  private static final int MAX_STRING = 64 << 10;

  private final Actions actions;
  private final Parameters parameters = new Parameters();
  private State state = State.GROUND;
  private int intermediate;
  private int stringBytes;

  Parser(Actions actions) {
    this.actions = actions;
  }

  /** Whether the next character stands for itself. */
  boolean isGround() {
    return state == State.GROUND;
  }

  void accept(int c) {
    switch (state) {
      case GROUND -> ground(c);
      case OSC, APC, PRIVACY, DCS -> string(c);
      case ESCAPE, ESCAPE_INTERMEDIATE, CSI, CSI_INTERMEDIATE, CSI_IGNORE -> sequence(c);
    }
  }

  private void ground(int c) {
    if ((c >= ' ' && c < DEL) || c >= 0xA0) {
      actions.print(c);
    } else {
      control(c);
    }
  }

  private void control(int c) {
    if (c == ESC) {
      state = State.ESCAPE;
    } else if (c == CAN || c == SUB) {
      state = State.GROUND;
    } else if (c < ' ') {
      actions.execute(c);
    } else if (c > DEL) {
      control8(c);
    }
  }

  /** The 8-bit controls, as characters U+0080 to U+009F: those that have a meaning here. */
  private void control8(int c) {
    switch (c) {
      case 0x84, 0x85, 0x8D -> {
        state = State.GROUND;
        actions.escape(0, c - 0x40);
      }
      case 0x90, 0x98, 0x9B, 0x9D, 0x9E, 0x9F -> escape(c - 0x40);
      default -> state = State.GROUND;
    }
  }

  private void sequence(int c) {
    if (c < ' ' || (c > DEL && c < 0xA0)) {
      control(c);
    } else if (c > DEL) {
      // No sequence has a letter beyond ASCII: it is broken, and must not swallow the text.
      state = State.GROUND;
    } else if (c < DEL) {
      switch (state) {
        case ESCAPE -> escape(c);
        case ESCAPE_INTERMEDIATE -> escapeIntermediate(c);
        case CSI -> csi(c);
        case CSI_INTERMEDIATE -> csiIntermediate(c);
        case CSI_IGNORE -> state = c >= '@' ? State.GROUND : State.CSI_IGNORE;
        case GROUND, OSC, APC, PRIVACY, DCS -> throw new IllegalStateException(state.name());
      }
    }
  }

  private void escape(int c) {
    switch (c) {
      case '[' -> {
        parameters.clear();
        state = State.CSI;
      }
      case ']' -> string(State.OSC);
      case '_' -> string(State.APC);
      case '^', 'X' -> string(State.PRIVACY);
      case 'P' -> string(State.DCS);
      default -> {
        if (c < '0') {
          intermediate = c;
          state = State.ESCAPE_INTERMEDIATE;
        } else {
          state = State.GROUND;
          actions.escape(0, c);
        }
      }
    }
  }

  private void escapeIntermediate(int c) {
    if (c >= '0') {
      state = State.GROUND;
      actions.escape(intermediate, c);
    } else {
      // Two intermediates: no sequence that means anything here.
      intermediate = DEL;
    }
  }

  private void csi(int c) {
    if (c >= '@') {
      state = State.GROUND;
      actions.csi(parameters, c);
    } else if (c < '0') {
      parameters.intermediate(c);
      state = State.CSI_INTERMEDIATE;
    } else if (!parameters.accept(c)) {
      state = State.CSI_IGNORE;
    }
  }

  private void csiIntermediate(int c) {
    if (c >= '@') {
      state = State.GROUND;
      actions.csi(parameters, c);
    } else if (c < '0') {
      parameters.intermediate(c);
    } else {
      state = State.CSI_IGNORE;
    }
  }

  private void string(State kind) {
    stringBytes = 0;
    state = kind;
  }

  private void string(int c) {
    stringBytes += Utf8.length(c);
    if (c == ESC) {
      state = State.ESCAPE;
    } else if (c == '\n' && state != State.DCS) {
      // A title that was never ended must not swallow the rest of the log.
      state = State.GROUND;
      actions.execute(c);
    } else if (endsString(c) || stringBytes >= MAX_STRING) {
      state = State.GROUND;
    }
  }

  private boolean endsString(int c) {
    return switch (c) {
      case ST, CAN, SUB -> true;
      case BEL -> state == State.OSC || state == State.APC;
      default -> false;
    };
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeUTF(state.name());
    out.writeByte(intermediate);
    out.writeInt(stringBytes);
    parameters.writeTo(out);
  }

  void readFrom(DataInput in) throws IOException {
    state = State.valueOf(in.readUTF());
    intermediate = in.readUnsignedByte();
    stringBytes = in.readInt();
    parameters.readFrom(in);
  }
}
