package dev.serai.connection.signature;

import com.github.scribejava.core.extractors.BaseStringExtractorImpl;
import com.github.scribejava.core.model.OAuthRequest;
import com.github.scribejava.core.model.Parameter;
import com.github.scribejava.core.model.ParameterList;
import com.github.scribejava.core.utils.OAuthEncoder;
import java.util.stream.Collectors;

/**
 * RFC 5849 §3.4.1.3.2 sorts parameters after they are encoded; the library sorts them before, which
 * is another order where a name has a special character.
 */
final class EncodedOrder extends BaseStringExtractorImpl {
  @Override
  protected String getSortedAndEncodedParams(OAuthRequest request) {
    ParameterList all = new ParameterList();
    all.addAll(request.getQueryStringParams());
    all.addAll(request.getBodyParams());
    all.addAll(new ParameterList(request.getOauthParameters()));
    return OAuthEncoder.encode(
        all.getParams().stream()
            .map(EncodedOrder::encoded)
            .sorted(EncodedOrder::compare)
            .map(pair -> pair[0] + "=" + pair[1])
            .collect(Collectors.joining("&")));
  }

  private static String[] encoded(Parameter parameter) {
    return new String[] {
      OAuthEncoder.encode(parameter.getKey()), OAuthEncoder.encode(parameter.getValue())
    };
  }

  private static int compare(String[] a, String[] b) {
    int names = a[0].compareTo(b[0]);
    return names == 0 ? a[1].compareTo(b[1]) : names;
  }
}
