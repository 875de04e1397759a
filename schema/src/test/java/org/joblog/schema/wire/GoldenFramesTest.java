package org.joblog.schema.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.joblog.schema.log.StreamKind;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The bytes of every frame, fixed for ever: a change here is a new version of the protocol. */
class GoldenFramesTest {

  private static final Path FOLDER = Path.of("src/test/resources/golden");
  private static final long AT = 1_790_000_000_123_456L;
  private static final byte[] SECRET = "the cluster's secret".getBytes(StandardCharsets.UTF_8);
  private static final Map<String, Frame> GOLDEN = golden();

  private static Map<String, Frame> golden() {
    byte[] nonce = HexFormat.of().parseHex("00112233445566778899aabbccddeeff".repeat(2));
    byte[] optIn = "mode: metadata\n".getBytes(StandardCharsets.UTF_8);
    Frame.Greeting greeting =
        new Frame.Greeting(
            1,
            "alpha",
            "4711_3",
            2,
            "node-17.cluster",
            "jürgen",
            4_000_000_000L,
            "näht 𝄞",
            AT,
            0x8123456789abcdefL,
            optIn,
            new byte[0]);
    Frame.Greeting least =
        new Frame.Greeting(1, "c", "j", 0, "n", "u", 0, "", 0, 0, new byte[0], new byte[0]);
    Map<String, Frame> golden = new LinkedHashMap<>();
    golden.put("challenge", new Frame.Challenge(1, 3, nonce));
    golden.put("greeting-least", least);
    golden.put("greeting-without-proof", greeting);
    golden.put("greeting-with-proof", greeting.withProof(Proof.of(SECRET, nonce, greeting)));
    golden.put("welcome", new Frame.Welcome(1, 1_048_576, 10_000));
    golden.put("open-batch-script", new Frame.OpenStream(0, 0xfffffffbL, 0, StreamKind.COMBINED));
    golden.put("open-stderr", new Frame.OpenStream(65_535, 7, 12, StreamKind.STDERR));
    golden.put("resume-point", new Frame.ResumePoint(1, 0x0102030405060708L));
    golden.put("data", new Frame.Data(1, 4_294_967_296L, AT, new byte[] {'h', 'i', '\n', 0, -1}));
    golden.put("gap", new Frame.Gap(1, 10, 4_294_967_296L, AT, Frame.GapReason.SERVER_AWAY));
    golden.put("end-of-stream", new Frame.EndOfStream(1, 4_294_967_301L, AT));
    golden.put("end-of-job-exit-3", new Frame.EndOfJob(AT, 3, 0));
    golden.put("end-of-job-signal-9", new Frame.EndOfJob(AT, -1, 9));
    golden.put("ack", new Frame.Ack(1, 4_294_967_301L));
    golden.put("end-ack", new Frame.EndAck());
    golden.put("heartbeat", new Frame.Heartbeat());
    golden.put("pause-store", new Frame.Pause(Frame.PauseReason.STORE));
    golden.put("unpause", new Frame.Unpause());
    golden.put("goodbye", new Frame.Goodbye(30_000));
    golden.put("refusal", new Frame.Refusal(Frame.RefusalCode.FULL, "jobs: 9 (expected: <= 8)"));
    golden.put("notice", new Frame.Notice(1, AT, Frame.NoticeCode.DESTINATION_FAILED, 28));
    return golden;
  }

  @TestFactory
  Stream<DynamicTest> aFrameHasTheseBytesAndNoOthers() {
    return GOLDEN.entrySet().stream()
        .map(entry ->
            DynamicTest.dynamicTest(
                entry.getKey(), () -> assertGolden(entry.getKey(), entry.getValue())));
  }

  private static void assertGolden(String name, Frame frame) throws IOException, ProtocolException {
    byte[] golden = bytes(FOLDER.resolve(name + ".hex"));
    byte[] written = RandomFrames.encode(frame);
    assertThat(HexFormat.of().formatHex(written)).isEqualTo(HexFormat.of().formatHex(golden));
    ByteBuffer in = ByteBuffer.wrap(golden);
    FrameHeader header = FrameCodec.readHeader(in, WireLimits.MAX_BODY_BYTES);
    assertThat(RandomFrames.encode(FrameCodec.readBody(header, in))).isEqualTo(golden);
  }

  @Test
  void everyTypeHasAGoldenFrame() {
    Set<FrameType> types =
        GOLDEN.values().stream()
            .map(FrameType::of)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(FrameType.class)));
    assertThat(types).isEqualTo(EnumSet.allOf(FrameType.class));
  }

  @Test
  void everyGoldenFileIsChecked() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      Set<String> names =
          files
              .map(file -> file.getFileName().toString().replace(".hex", ""))
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(names).isEqualTo(new TreeSet<>(GOLDEN.keySet()));
    }
  }

  private static byte[] bytes(Path file) throws IOException {
    String digits =
        Files.readAllLines(file).stream()
            .map(line -> line.replaceAll("#.*|\\s", ""))
            .collect(Collectors.joining());
    return HexFormat.of().parseHex(digits);
  }
}
