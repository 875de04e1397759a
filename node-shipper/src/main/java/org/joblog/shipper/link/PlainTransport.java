package org.joblog.shipper.link;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Bytes as they are. Confined to the link's thread. */
record PlainTransport(SocketChannel channel) implements Transport {

  @Override
  public int read(ByteBuffer into) throws IOException {
    return channel.read(into);
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    channel.write(from);
  }

  @Override
  public boolean wantsToWrite() {
    return false;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
