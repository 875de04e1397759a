package org.joblog.shipper.window;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What does not fit into memory, on disk. The files have mode 0600 and lose their names as soon as
 * they are open, so nobody else ever finds them and nothing is left behind, however the process
 * ends. Where an entry lies, and its checksum, is kept in memory. Confined to the window's lock.
 *
 * <p>Files of {@value #FILE_BYTES} bytes each are filled one after the other; the disk gets a
 * file's room back when its last entry is released.
 */
final class Spool implements Closeable {

  /** A sixteenth of the default limit: what may lie on disk without need. */
  private static final int FILE_BYTES = 16 << 20;

  private final Path folder;
  private final Allowance allowance;
  private final long maxBytes;
  private long bytes;
  private @Nullable Store filling;

  /**
   * An empty spool; the folder is not touched before something must be kept.
   *
   * @param storage where the files are made, and what all spools may hold together
   * @param maxBytes most that this one may hold
   */
  Spool(Storage storage, long maxBytes) {
    folder = storage.spoolFolder();
    allowance = storage.spool();
    this.maxBytes = maxBytes;
  }

  /** One file and how many entries of it are still wanted. */
  private static final class Store {
    private final FileChannel channel;
    private long length;
    private int entries;

    Store(FileChannel channel) {
      this.channel = channel;
    }
  }

  /** Where some bytes lie. Immutable but for the file behind it. */
  static final class Entry {
    private final Store store;
    private final long position;
    private final int length;
    private final int crc;

    private Entry(Store store, long position, int length, int crc) {
      this.store = store;
      this.position = position;
      this.length = length;
      this.crc = crc;
    }
  }

  /**
   * Keeps bytes.
   *
   * @param data the bytes; its position moves
   * @return where they lie; empty if there is no room, or the disk fails
   */
  Optional<Entry> append(ByteBuffer data) {
    int length = data.remaining();
    if (bytes + length > maxBytes || !allowance.take(length)) {
      return Optional.empty();
    }
    Optional<Entry> entry = write(data, length);
    if (entry.isEmpty()) {
      allowance.give(length);
    }
    return entry;
  }

  private Optional<Entry> write(ByteBuffer data, int length) {
    int crc = crc(data.duplicate());
    try {
      Store store = storeFor(length);
      long position = store.length;
      if (!write(store, data)) {
        return Optional.empty();
      }
      store.length += length;
      store.entries++;
      bytes += length;
      return Optional.of(new Entry(store, position, length, crc));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Writes all, or leaves the file as it was: a torn tail is cut at once. */
  private static boolean write(Store store, ByteBuffer data) throws IOException {
    long position = store.length;
    try {
      while (data.hasRemaining()) {
        position += store.channel.write(data, position);
      }
      return true;
    } catch (IOException e) {
      store.channel.truncate(store.length);
      return false;
    }
  }

  private Store storeFor(int length) throws IOException {
    Store store = filling;
    if (store == null || store.length + length > FILE_BYTES) {
      store = new Store(open());
      filling = store;
    }
    return store;
  }

  private FileChannel open() throws IOException {
    Path file =
        Files.createTempFile(
            folder,
            "joblog-",
            ".spool",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      return FileChannel.open(file, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
    } finally {
      Files.delete(file);
    }
  }

  /**
   * Reads an entry.
   *
   * @param into room for all of it
   * @return whether the bytes are what was kept; if not, they are lost
   */
  boolean read(Entry entry, ByteBuffer into) {
    ByteBuffer target = into.duplicate();
    target.limit(target.position() + entry.length);
    ByteBuffer copy = target.duplicate();
    try {
      long position = entry.position;
      while (target.hasRemaining()) {
        int n = entry.store.channel.read(target, position);
        if (n < 0) {
          return false;
        }
        position += n;
      }
    } catch (IOException e) {
      return false;
    }
    into.position(target.position());
    return crc(copy) == entry.crc;
  }

  /** An entry is not needed any more. */
  void release(Entry entry) {
    Store store = entry.store;
    store.entries--;
    bytes -= entry.length;
    allowance.give(entry.length);
    if (store.entries == 0) {
      if (store == filling) {
        filling = null;
      }
      closeQuietly(store.channel);
    }
  }

  /** How many bytes are kept. */
  long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    allowance.give(bytes);
    bytes = 0;
    if (filling != null) {
      closeQuietly(filling.channel);
    }
  }

  /** A file without a name is gone once it is closed; there is nothing to do about a failure. */
  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException ignored) {
      // Nothing depends on it.
    }
  }

  private static int crc(ByteBuffer data) {
    CRC32C crc = new CRC32C();
    crc.update(data);
    return (int) crc.getValue();
  }
}
