package dev.serai.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;

class LogoTest {
  @ParameterizedTest
  @CsvSource({
    "Redmine, R",
    "The Help Desk, TH",
    "sample-helpdesk, SH",
    "élan, É",
    "'<script>alert(1)</script> & \"co\"', SA",
    "'\u0001\uFFFE', ?",
    "***, ?",
    "'\uD835\uDCD0bc', \uD835\uDCD0",
  })
  void a_name_of_any_letters_becomes_a_picture_of_its_first_ones(String name, String letters)
      throws Exception {
    byte[] svg = Logo.monogram(name).getBytes(StandardCharsets.UTF_8);
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    Document picture = factory.newDocumentBuilder().parse(new ByteArrayInputStream(svg));

    assertThat(picture.getDocumentElement().getNamespaceURI())
        .isEqualTo("http://www.w3.org/2000/svg");
    assertThat(picture.getElementsByTagName("text").item(0).getTextContent()).isEqualTo(letters);
    assertThat(picture.getElementsByTagName("script").getLength()).isZero();
    assertThat(picture.getElementsByTagName("title").item(0).getTextContent())
        .isEqualTo(name.replace('\u0001', ' ').replace('\uFFFE', ' '));
  }
}
