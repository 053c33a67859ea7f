package dev.perimeter.controlplane.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.controlplane.model.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every way a resource can be wrong is answered with the field, the line, the reason and the fix. */
class ProblemsTest {
    @ParameterizedTest(name = "{0} -> {1}: {3}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        kind: HTTPRoute              | kind: HTTPRout                 | kind                               | 2  | is "HTTPRout", which is not known here.                  | Did you mean "HTTPRoute"?
        kind: HTTPRoute              | kind: Ingress                  | kind                               | 2  | is "Ingress", which is not known here.                   | Use Namespace or Service or EndpointSlice or Deployment or GatewayClass or Gateway or HTTPRoute.
        gateway.networking.k8s.io/v1 | networking.k8s.io/v1           | apiVersion                         | 1  | is "networking.k8s.io/v1", in which no HTTPRoute is known. | Write apiVersion: gateway.networking.k8s.io/v1.
        name: orders                 | name: Orders                   | metadata.name                      | 4  | is "Orders": it must be lower-case letters, digits, dashes and dots, and start and end with a letter or digit. | Choose a name like "web-v1".
        `  namespace: shop`          | `  namespac: shop`             | metadata.namespace                 | 4  | is missing.                                              | Name the namespace the object lives in.
        `    - matches:`             | `    - match:`                 | spec.rules[0].match                | 10 | is an unknown field.                                     | Did you mean "matches"?
        port: 8080                   | port: 80800                    | spec.rules[0].backendRefs[0].port  | 13 | is 80800, which is out of range.                         | Write a whole number from 1 to 65535.
        port: 8080                   | port: http                     | spec.rules[0].backendRefs[0].port  | 13 | must be a whole number, but is the text "http".          | Write a whole number from 1 to 65535.
        port: 8080                   | `port: 8080, weight: -1`       | spec.rules[0].backendRefs[0].weight | 13 | is -1, which is out of range.                           | Write a whole number from 0 to 1000000.
        port: 8080                   | weight: 1                      | spec.rules[0].backendRefs[0].port  | 13 | is missing.                                              | Write the Service's port.
        value: /orders               | value: orders                  | spec.rules[0].matches[0].path.value | 11 | is "orders": a path starts with a slash and has no query and no blanks. | Write it like "/catalogue".
        value: /orders               | value: 7                       | spec.rules[0].matches[0].path.value | 11 | must be a text, but is the number 7.                    | Put it in quotes.
        type: PathPrefix             | type: Prefix                   | spec.rules[0].matches[0].path.type | 11 | is "Prefix", which is not known here.                    | Use PathPrefix or Exact or RegularExpression.
        `      backendRefs:`         | `      timeouts: {request: 10}\n      backendRefs:` | spec.rules[0].timeouts.request | 12 | must be a text, but is the number 10.     | Put it in quotes.
        `      backendRefs:`         | `      timeouts: {request: "10"}\n      backendRefs:` | spec.rules[0].timeouts.request | 12 | is "10": a duration is a number with its unit, such as 500ms, 10s or 1m30s. | Write it like "10s".
        `      backendRefs:`         | `      filters: [{type: RequestMirror}]\n      backendRefs:` | spec.rules[0].filters[0].type | 12 | is "RequestMirror", which is not known here. | Use RequestHeaderModifier or ResponseHeaderModifier or RequestRedirect or URLRewrite.
        `      backendRefs:`         | `      retry: {attempts: 2}\n      backendRefs:` | spec.rules[0].retry    | 12 | is not supported yet.                                    | Remove it.
        `    - name: gateway`        | `    - {kind: Service, name: payment}` | spec.parentRefs[0].group | 8 | does not fit to the kind Service.                   | Write group: "".
        `    - name: gateway`        | `    gateway`                  | spec.parentRefs                    | 8  | must be a list, but is the text "gateway".               | Start each item with a dash.
        `type: PathPrefix, value: /orders` | `type: RegularExpression, value: "/(?=x)"` | spec.rules[0].matches[0].path.value | 11 | is "/(?=x)": RE2 has no look-around. | Write an RE2 expression, without look-around and back-references.
        """)
    void route_withAMistake_isRefusedWithFieldLineReasonAndFix(
            String good, String bad, String field, int line, String reason, String fix) {
        String text = Resources.ROUTE.replace(good, bad.replace("\\n", "\n"));

        assertThat(ResourceReader.read("orders.yaml", text).problems()).anySatisfy(problem -> {
            assertThat(problem.field()).isEqualTo(field);
            assertThat(problem.line()).isEqualTo(line);
            assertThat(problem.reason()).isEqualTo(reason);
            assertThat(problem.fix()).isEqualTo(fix);
        });
        assertThat(ResourceReader.read("orders.yaml", text).objects()).isEmpty();
    }

    @Test
    void allMistakes_areToldAtOnce_withTheObjectTheyAreIn() {
        String text = Resources.ROUTE.replace("PathPrefix", "Prefx").replace("8080", "0");

        assertThat(ResourceReader.read("orders.yaml", text).problems())
                .hasSize(2)
                .allSatisfy(problem ->
                        assertThat(problem.object()).isEqualTo(new ObjectKey("HTTPRoute", "shop", "orders")));
    }

    @Test
    void problem_printed_isASentenceWithFileAndLine() {
        Problem problem = ResourceReader.read("orders.yaml", Resources.ROUTE.replace("8080", "0"))
                .problems()
                .getFirst();

        assertThat(problem)
                .hasToString("orders.yaml:13: spec.rules[0].backendRefs[0].port: is 0, which is out of range. "
                        + "Write a whole number from 1 to 65535.");
    }

    @Test
    void fieldWrittenTwice_isRefused() {
        assertThat(ResourceReader.read("a.yaml", Resources.ROUTE + "kind: HTTPRoute\n")
                        .problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.line()).isEqualTo(14);
                    assertThat(problem.reason()).isEqualTo("The field \"kind\" is there twice.");
                });
    }

    @Test
    void aliasesWithoutEnd_areRefusedInsteadOfFillingTheMemory() {
        StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 20; i++) {
            text.append("a").append(i).append(": &a").append(i).append(" [");
            text.append("*a").append(i - 1).append(", *a").append(i - 1).append("]\n");
        }

        assertThat(ResourceReader.read("bomb.yaml", text.toString()).problems())
                .singleElement()
                .extracting(Problem::reason)
                .asString()
                .contains("more than 50000 values");
    }

    @Test
    void nestingWithoutEnd_isRefusedInsteadOfFillingTheStack() {
        for (String text : List.of("[".repeat(100_000), "{a: ".repeat(2_000), "- ".repeat(50_000))) {
            assertThat(ResourceReader.read("deep.yaml", text).problems())
                    .singleElement()
                    .extracting(Problem::reason)
                    .isEqualTo("The document is nested more than 64 levels deep, aliases counted.");
        }
    }

    @Test
    void valueThatHoldsItself_isRefused() {
        assertThat(ResourceReader.read("loop.yaml", "kind: &a [*a]").problems())
                .singleElement()
                .extracting(Problem::reason)
                .asString()
                .contains("nested more than 64 levels deep");
    }

    @Test
    void valuesWithoutEnd_areRefusedBeforeTheyAreATree() {
        assertThat(ResourceReader.read("wide.yaml", "[" + "x,".repeat(500_000) + "x]")
                        .problems())
                .singleElement()
                .extracting(Problem::reason)
                .asString()
                .contains("more than 50000 values");
    }

    @Test
    void documentsWithoutEnd_areOneProblem() {
        assertThat(ResourceReader.read("many.yaml", "---\nx\n".repeat(100_000)).problems())
                .singleElement()
                .extracting(Problem::reason)
                .isEqualTo("The file has more than 1000 documents.");
    }

    @ParameterizedTest
    @CsvSource({
        "value: /orders, value: !!java.lang.Runtime /two, !!java.lang.Runtime, 11",
        "value: /orders, value: !mine /two, !mine, 11",
        "kind: HTTPRoute, !!binary kind: HTTPRoute, !!binary, 2"
    })
    void tagOfSomebodysOwn_isRefused(String good, String bad, String tag, int line) {
        assertThat(ResourceReader.read("orders.yaml", Resources.ROUTE.replace(good, bad))
                        .problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.reason()).isEqualTo("The tag " + tag + " does not belong here.");
                    assertThat(problem.line()).isEqualTo(line);
                });
    }

    @Test
    void tagOfACoreType_isTaken() {
        String text = Resources.ROUTE.replace("name: gateway", "name: !!str gateway");

        assertThat(ResourceReader.read("orders.yaml", text).problems()).isEmpty();
    }

    @Test
    void parentsThatAreNoList_areOneProblem() {
        String text = Resources.ROUTE.replace("    - name: gateway", "    name: gateway");

        assertThat(ResourceReader.read("orders.yaml", text).problems())
                .singleElement()
                .extracting(Problem::field, Problem::reason)
                .containsExactly("spec.parentRefs", "must be a list, but is a mapping.");
    }

    @Test
    void routeWithoutParents_isTold() {
        String text = Resources.ROUTE.replace("parentRefs:\n    - name: gateway", "parentRefs: []");

        assertThat(ResourceReader.read("orders.yaml", text).problems())
                .singleElement()
                .extracting(Problem::reason)
                .isEqualTo("names no parent.");
    }
}
