package org.joblog.ingest.viewing;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import org.joblog.ingest.viewing.Sessions.Invitation;

/** The few objects that do not come from the database. Immutable. */
final class JsonText {

  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonText() {}

  static String error(String reason) throws IOException {
    return object(json -> json.writeStringField("error", reason));
  }

  static String session(Session session) throws IOException {
    return object(json -> describe(session, json));
  }

  static String session(Session session, String token) throws IOException {
    return object(json -> {
      describe(session, json);
      json.writeStringField("token", token);
    });
  }

  static String invitation(Invitation invitation) throws IOException {
    return object(json -> {
      json.writeStringField("path", "/#enter=" + invitation.code());
      expires(invitation.expiresAt(), json);
    });
  }

  private static void describe(Session session, JsonGenerator json) throws IOException {
    json.writeStringField("user", session.visitor().account());
    json.writeBooleanField("operator", session.visitor().operator());
    expires(session.expiresAt(), json);
  }

  private static void expires(Instant at, JsonGenerator json) throws IOException {
    json.writeStringField("expires_at", at.toString());
  }

  private static String object(Fields fields) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    }
    return text.toString();
  }

  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }
}
