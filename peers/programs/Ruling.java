import java.io.BufferedReader;
import java.io.InputStreamReader;
import software.amazon.event.ruler.Ruler;

/** Answers for each line, `event TAB pattern`, whether the pattern matches: true, false or refused. */
public class Ruling {
  public static void main(String[] words) throws Exception {
    BufferedReader pairs = new BufferedReader(new InputStreamReader(System.in));
    StringBuilder answers = new StringBuilder();
    for (String pair = pairs.readLine(); pair != null; pair = pairs.readLine()) {
      String[] parts = pair.split("\t");
      answers.append(answer(parts[0], parts[1])).append('\n');
    }
    System.out.print(answers);
  }

  private static String answer(String event, String pattern) {
    try {
      return String.valueOf(Ruler.matchesRule(event, pattern));
    } catch (Exception error) {
      return "refused";
    }
  }
}
