import com.amazonaws.secretsmanager.caching.SecretCache;
import com.amazonaws.secretsmanager.caching.SecretCacheConfiguration;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Reads secrets through AWS's caching client for Java; each line of input is a step, each line of output an answer. */
public class Caching {
  public static void main(String[] words) throws Exception {
    SecretsManagerClient client = SecretsManagerClient.builder()
        .endpointOverride(URI.create(words[0]))
        .region(Region.EU_WEST_1)
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("operator", "simulated")))
        .overrideConfiguration(settings -> settings.retryStrategy(retry -> retry.maxAttempts(1)))
        .build();
    long fresh = Long.parseLong(words[1]) * 1000;
    SecretCache current = new SecretCache(new SecretCacheConfiguration().withClient(client).withCacheItemTTL(fresh));
    SecretCache previous = new SecretCache(
        new SecretCacheConfiguration().withClient(client).withCacheItemTTL(fresh).withVersionStage("AWSPREVIOUS"));
    BufferedReader steps = new BufferedReader(new InputStreamReader(System.in));
    for (String step = steps.readLine(); step != null; step = steps.readLine()) {
      System.out.println(answer(step, step.contains("AWSPREVIOUS") ? previous : current));
    }
  }

  private static String answer(String step, SecretCache cache) throws InterruptedException {
    try {
      String refresh = member(step, "refresh");
      if (refresh != null) return String.valueOf(cache.refreshNow(refresh));
      return quoted(cache.getSecretString(member(step, "get")));
    } catch (AwsServiceException error) {
      return "{\"error\":" + quoted(error.awsErrorDetails().errorCode()) + "}";
    }
  }

  private static String member(String step, String name) {
    Matcher found = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(step);
    return found.find() ? found.group(1) : null;
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
