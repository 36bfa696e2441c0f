package dev.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryStringTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '`',
      value = {
        "a=1 {\"a\":\"1\"}",
        "a=1&a=2&a=3 {\"a\":[\"1\",\"2\",\"3\"]}",
        "a[]=1 {\"a\":[\"1\"]}",
        "a[0]=x&a[1]=y {\"a\":[\"x\",\"y\"]}",
        "tags[k]=v&tags[l]=w {\"tags\":{\"k\":\"v\",\"l\":\"w\"}}",
        "a[b][c]=1 {\"a\":{\"b\":{\"c\":\"1\"}}}",
        "a%5Bb%5D=c%20d {\"a\":{\"b\":\"c·d\"}}",
        "a=x+y {\"a\":\"x·y\"}",
        "a {\"a\":\"\"}",
        "a=%zz&b=%4 {\"a\":\"%zz\",\"b\":\"%4\"}",
        "a=1=2 {\"a\":\"1=2\"}",
        "&&a=1& {\"a\":\"1\"}",
        "a[b=1 {\"a[b\":\"1\"}",
        "[a]=1 {\"[a]\":\"1\"}",
        "a=1&a[b]=2 {\"a\":{\"b\":\"2\"}}",
      })
  void a_query_is_read_as_the_sdk_writes_it(String raw, String json) {
    assertThat(QueryString.parse(raw)).hasToString(json.replace('·', ' '));
  }
}
