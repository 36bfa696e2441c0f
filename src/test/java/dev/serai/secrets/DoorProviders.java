package dev.serai.secrets;

import static java.util.Map.entry;

import java.util.Map;
import java.util.TreeMap;

/** A provider for each way in that is not through a consent page, all at one address. */
final class DoorProviders {
  private static final Map<String, String> AUTH =
      new TreeMap<>(
          Map.ofEntries(
              entry(
                  "dname",
                  "auth: {type: basic, fields: {username: {title: Key, description: x}}}\n"),
              entry("dplain", "auth: {type: tba, signature: PLAINTEXT}\n"),
              entry(
                  "djwt",
                  """
                  auth:
                    type: jwt
                    algorithm: RS256
                    fields:
                      keyId: {title: Key ID, description: x, secret: false}
                      privateKey: {title: Key, description: x}
                    key: ${credentials.privateKey}
                    key_id: ${credentials.keyId}
                    claims: {aud: desk}
                  """),
              entry(
                  "dsteps",
                  """
                  auth:
                    type: two_step
                    fields:
                      user: {title: User, description: x, secret: false}
                      password: {title: Password, description: x}
                      apiKey: {title: Key, description: x}
                      pin: {title: PIN, description: x}
                      passphrase: {title: Passphrase, description: x}
                    steps:
                      - url: "@url/login"
                        body:
                          user: ${credentials.user}
                          password: ${credentials.password}
                          apiKey: ${credentials.apiKey}
                          pin: ${credentials.pin}
                          passphrase: ${credentials.passphrase}
                        take: {session: .session}
                      - url: "@url/steps"
                        headers: {X-Session: "${step.session}"}
                        body: {grant: full}
                    answer: {token: .key, refresh_token: .again}
                  """),
              entry("dsign", "auth: {type: signature, digest: hex}\n"),
              entry("dbasic", "auth: {type: basic}\n"),
              entry("dkey", "auth: {type: api_key, name: Authorization, prefix: \"Bearer \"}\n"),
              entry("dtba", "auth: {type: tba, realm: r}\n"),
              entry(
                  "dclient",
                  "auth: {type: oauth2_client, token_url: \"@url/token\", client_auth: basic}\n"),
              entry(
                  "dassert",
                  """
                  auth:
                    type: oauth2_client
                    token_url: "@url/token"
                    client_auth: private_key_jwt
                    assertion: {algorithm: RS256, lifetime: 1m}
                  """),
              entry(
                  "daws", "auth: {type: aws_sigv4, service: execute-api, sts_url: \"@url/sts\"}\n"),
              entry(
                  "dapp",
                  "auth: {type: app_install, token_url: \"@url/installations/${credentials.installation_id}\"}\n")));

  /** For {@link CanaryWorld}. */
  static final String[][] FILES =
      AUTH.entrySet().stream()
          .flatMap(entry ->
              java.util.stream.Stream.of(
                  new String[] {
                    entry.getKey() + "/provider.yaml", provider(entry.getKey(), entry.getValue())
                  },
                  new String[] {
                    entry.getKey() + "/actions/ask.camel.yaml", action(entry.getKey())
                  }))
          .toArray(String[][]::new);

  private DoorProviders() {}

  private static String provider(String name, String auth) {
    return "name: %1$s\ndisplay_name: %1$s\n%2$sbase_url: \"@url\"\nretry: {max_attempts: 1}\n"
        .formatted(name, auth);
  }

  private static String action(String name) {
    return """
    - route:
        id: %1$s-action-ask
        description: Asks
        group: %1$s
        from:
          uri: action:%1$s/ask
          steps:
            - to: {id: %1$s-action-ask-send, uri: "provider:%1$s", parameters: {method: POST, path: /v1/ask}}
    """
        .formatted(name);
  }

  /** What STS answers to AssumeRole. */
  static String role(String mark) {
    return """
    <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
      <AssumeRoleResult><AssumedRoleUser><Arn>arn:role/x</Arn></AssumedRoleUser>
      <Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>%1$s-sk</SecretAccessKey>
      <SessionToken>%1$s-st</SessionToken><Expiration>2099-01-02T04:04:05Z</Expiration>
      </Credentials></AssumeRoleResult></AssumeRoleResponse>
    """
        .formatted(mark);
  }
}
