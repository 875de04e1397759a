package org.joblog.workbench;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps two demos out of one folder. The system lets go of it with the process. Confined to one
 * thread.
 *
 * @param file the open lock file
 */
record DemoLock(FileChannel file) implements AutoCloseable {

  /**
   * Takes the folder.
   *
   * @throws IOException if another demo has it
   */
  static DemoLock take(Path folder) throws IOException {
    Files.createDirectories(folder);
    FileChannel file =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (lock(file) == null) {
      file.close();
      throw new IOException("another demo is running in " + folder);
    }
    return new DemoLock(file);
  }

  private static @Nullable FileLock lock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // another demo of this very process
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
