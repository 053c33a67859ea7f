package dev.perimeter.shop.order;

import static dev.perimeter.shop.order.Customer.newCard;
import static dev.perimeter.shop.order.Customer.tea;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.perimeter.shop.order.PaymentStandIn.Act;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds on every database and by every transport. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OrdersSuite {

    private final TestDatabase database;
    private final PaymentStandIn payment;
    private RunningOrderProcessor processor;
    private Customer customer;
    private LogGuard log;

    OrdersSuite(TestDatabase database, PaymentStandIn payment) {
        this.database = database;
        this.payment = payment;
    }

    @BeforeAll
    void start() {
        processor = new RunningOrderProcessor(database, payment.settings());
        customer = processor.customer();
        log = LogGuard.attach();
    }

    @AfterAll
    void stop() {
        processor.close();
        payment.close();
        database.close();
        log.assertNothingBut(event -> event.getFormattedMessage().startsWith("database: ")
                || event.getFormattedMessage().startsWith("pending orders cannot be read")
                || event.getFormattedMessage().contains("stays PENDING"));
    }

    @Test
    void order_approvedCard_isPaid() {
        var card = newCard("good");
        var placed = customer.order(tea(card));
        assertThat(placed.status()).isEqualTo(201);
        assertThat(placed.text("state")).isEqualTo("PAID");
        assertThat(placed.json().path("total").longValue()).isEqualTo(900);
        assertThat(placed.text("currency")).isEqualTo("EUR");
        assertThat(placed.text("chargeId")).isEqualTo("charge-" + placed.text("id"));
        assertThat(placed.response().body()).doesNotContain(card);
        assertThat(customer.get(placed.header("location")).json()).isEqualTo(placed.json());
        assertThat(customer.states(placed.header("location"))).containsExactly("PENDING", "PAID");
        var call = payment.calls(card).getFirst();
        assertThat(call.key()).isEqualTo(placed.text("id"));
        assertThat(call.amount()).isEqualTo(900);
        assertThat(call.currency()).isEqualTo("EUR");
    }

    @Test
    void order_declinedCard_isDeclinedWithTheReason() {
        var placed = customer.order(tea(newCard("poor")));
        assertThat(placed.status()).isEqualTo(201);
        assertThat(placed.text("state")).isEqualTo("DECLINED");
        assertThat(placed.text("reason")).isEqualTo("insufficient_funds");
    }

    @Test
    void order_chargeThatPaymentRefuses_isFailedAndNotAskedAgain() {
        var card = newCard("refused");
        payment.script(card, Act.REFUSE);
        var placed = customer.order(tea(card));
        assertThat(placed.status()).isEqualTo(201);
        assertThat(placed.text("state")).isEqualTo("FAILED");
        assertThat(placed.text("reason")).contains("key reused");
        assertThat(customer.states(placed.header("location"))).containsExactly("PENDING", "FAILED");
        assertThat(payment.calls(card)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"ANSWER", "REFUSE"},
            mode = EnumSource.Mode.EXCLUDE)
    void order_noAnswer_isPendingUntilTheLoopGetsOne(Act act) {
        var card = newCard("slow");
        payment.script(card, act, act);
        var placed = customer.order(tea(card));
        assertThat(placed.status()).isEqualTo(201);
        assertThat(placed.text("state")).isEqualTo("PENDING");
        customer.awaitState(placed.header("location"), "PAID");
        assertThat(customer.states(placed.header("location"))).containsExactly("PENDING", "PAID");
        assertThat(payment.calls(card)).hasSize(3).allMatch(call -> call.key().equals(placed.text("id")));
        assertThat(payment.charged(placed.text("id"))).isTrue();
    }

    @Test
    void order_manyWithoutAnswer_areAllPaidByTheLoop() throws Exception {
        var placed = new ArrayList<Future<Customer.Reply>>();
        try (var customers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 100; i++) {
                var card = newCard("many");
                payment.script(card, Act.FAIL);
                Callable<Customer.Reply> call = () -> customer.order(tea(card));
                placed.add(customers.submit(call));
            }
        }
        for (var order : placed) {
            assertThat(order.get().status()).isEqualTo(201);
            customer.awaitState(order.get().header("location"), "PAID");
        }
    }

    @Test
    void order_repeatedKey_isTheSameOrder() {
        var key = UUID.randomUUID().toString();
        var card = newCard("good");
        var first = customer.order(tea(card), "Idempotency-Key", key);
        var again = customer.order("  " + tea(card).replace(",", " , "), "Idempotency-Key", key);
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.header("idempotency-replayed")).isEqualTo("true");
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(payment.calls(card)).hasSize(1);
    }

    @Test
    void order_repeatedKeyWithAnotherBody_is422() {
        var key = UUID.randomUUID().toString();
        var card = newCard("good");
        customer.order(tea(card), "Idempotency-Key", key);
        for (var other : new String[] {
            tea(newCard("good")), tea(card).replace("ada", "bob"), tea(card).replace("450", "451"),
            tea(card).replace("tea", "tee"), tea(card).replace("EUR", "CHF"),
                    tea(card).replace("2", "3")
        }) {
            assertProblem(422, customer.order(other, "Idempotency-Key", key));
        }
    }

    @Test
    void order_oneKeyManyTimesAtOnce_isOneOrderAndOneCharge() throws Exception {
        for (int round = 0; round < 5; round++) {
            var key = UUID.randomUUID().toString();
            var card = newCard("good");
            var placed = new ArrayList<Future<Customer.Reply>>();
            try (var customers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 8; i++) {
                    Callable<Customer.Reply> call = () -> customer.order(tea(card), "Idempotency-Key", key);
                    placed.add(customers.submit(call));
                }
            }
            var id = placed.getFirst().get().text("id");
            for (var order : placed) {
                assertThat(order.get().status()).isEqualTo(201);
                assertThat(order.get().text("id")).isEqualTo(id);
            }
            customer.awaitState("/orders/" + id, "PAID");
            assertThat(customer.states("/orders/" + id)).containsExactly("PENDING", "PAID");
            assertThat(payment.calls(card)).hasSize(1);
        }
    }

    @Test
    void headers_ofTheRequest_arePassedOnAtOnceAndByTheLoop() {
        var card = newCard("traced");
        payment.script(card, Act.FAIL);
        var parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var placed = customer.order(
                tea(card), "x-request-id", "request-7", "traceparent", parent, "tracestate", "congo=t61rcWkgMzE");
        customer.awaitState(placed.header("location"), "PAID");
        assertThat(payment.calls(card))
                .hasSize(2)
                .allSatisfy(call -> assertThat(call.headers())
                        .containsEntry("x-request-id", "request-7")
                        .containsEntry("traceparent", parent)
                        .containsEntry("tracestate", "congo=t61rcWkgMzE"));
    }

    @Test
    void requestId_notSentOrUnfit_isMadeHereOnceForAllCallsOfAnOrder() {
        var card = newCard("untraced");
        payment.script(card, Act.FAIL);
        var placed = customer.order(tea(card), "x-request-id", "x".repeat(201));
        customer.awaitState(placed.header("location"), "PAID");
        var ids = payment.calls(card).stream().map(call -> call.headers().get("x-request-id"));
        assertThat(ids.distinct()).singleElement().matches(id -> id.length() == 36);
        assertThat(payment.calls(card))
                .allSatisfy(call -> assertThat(call.headers()).doesNotContainKeys("traceparent", "tracestate"));
    }

    @Test
    void list_pageByPage_visitsEveryOrderOnceInOrder() {
        for (int i = 0; i < 5; i++) {
            customer.order(tea(newCard("good")));
        }
        var whole = ids(customer.get("/orders?limit=500"));
        var paged = new ArrayList<String>();
        for (var next = ""; ; ) {
            var page = customer.get("/orders?limit=7" + next);
            paged.addAll(ids(page));
            if (page.text("next").isEmpty()) {
                break;
            }
            next = "&after=" + page.text("next");
        }
        assertThat(paged).containsExactlyElementsOf(whole).hasSizeGreaterThanOrEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "customer":"ada"      | "customer":""            | customer
        "customer":"ada"      | "customer":7             | customer
        "customer":"ada"      | "customer":null          | customer
        "customer":"ada",     | ` `                      | customer
        "currency":"EUR"      | "currency":"euro"        | currency
        "currency":"EUR"      | "currency":"ABC"         | currency
        "card":"tok_good"     | "card":"4111111111111"   | card
        "quantity":2          | "quantity":0             | items[0].quantity
        "quantity":2          | "quantity":2.5           | items[0].quantity
        "quantity":2          | "quantity":"2"           | items[0].quantity
        "quantity":2          | "quantity":1001          | items[0].quantity
        "unitPrice":450       | "unitPrice":-1           | items[0].unitPrice
        "unitPrice":450       | "unitPrice":1e99         | items[0].unitPrice
        "unitPrice":450       | "unitPrice":99999999999999999999 | items[0].unitPrice
        "sku":"tea",          | ` `                      | items[0].sku
        "sku":"tea"           | "sku":"tea","size":1     | items[0].size
        [{"sku":"tea","quantity":2,"unitPrice":450}] | []  | items
        [{"sku":"tea","quantity":2,"unitPrice":450}] | {}  | items
        [{"sku":"tea","quantity":2,"unitPrice":450}] | [3] | items[0]
        "card":"tok_good"     | "card":"tok_good","pin":1 | pin
        """)
    void order_fieldThatBreaksARule_isNamed(String right, String wrong, String field) {
        var refused = customer.order(tea("tok_good").replace(right, wrong));
        assertProblem(400, refused);
        assertThat(refused.json().path("errors").size()).isEqualTo(1);
        assertThat(refused.json().path("errors").path(0).path("field").stringValue(""))
                .isEqualTo(field);
    }

    @Test
    void order_severalBrokenRules_areAllNamed() {
        var refused = customer.order("{\"items\":[{}]}");
        var fields = refused.json().path("errors").values().stream()
                .map(error -> error.path("field").stringValue(""));
        assertThat(fields)
                .containsExactlyInAnyOrder(
                        "customer", "items[0].sku", "items[0].quantity", "items[0].unitPrice", "currency", "card");
    }

    @Test
    void request_thatMakesNoSense_isAProblemWithoutATrace() {
        assertProblem(400, customer.order("{\"customer\":"));
        assertProblem(400, customer.order("[]"));
        assertProblem(400, customer.order("[".repeat(5_000)));
        assertProblem(400, customer.order(" ".repeat(70_000)));
        assertProblem(400, customer.order(tea("tok_good"), "Idempotency-Key", "two words"));
        assertProblem(400, customer.get("/orders/7"));
        assertProblem(400, customer.get("/orders?after=7"));
        assertProblem(400, customer.get("/orders?limit=501"));
        assertProblem(400, customer.get("/orders?limit=many"));
        assertThat(customer.statusOf("/orders?%zz")).startsWith("HTTP/1.1 400");
        assertProblem(404, customer.get("/orders/" + UUID.randomUUID()));
        assertProblem(404, customer.get("/orders/" + UUID.randomUUID() + "/history"));
        assertProblem(404, customer.get("/"));
        assertProblem(400, customer.get("/orders/%2F"));
        assertProblem(405, customer.send(customer.request("/orders").DELETE()));
        assertProblem(415, customer.send(customer.request("/orders").POST(BodyPublishers.ofString("tea"))));
    }

    @Test
    void database_killed_isAnsweredAtOnceAndForgottenWhenItIsBack() {
        var key = UUID.randomUUID().toString();
        var body = tea(newCard("good"));
        database.stop();
        try {
            for (int i = 0; i < 4; i++) {
                var away = customer.order(body, "Idempotency-Key", key);
                assertProblem(503, away);
                assertThat(away.header("retry-after")).isEqualTo("1");
            }
        } finally {
            database.start();
        }
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(
                                customer.order(body, "Idempotency-Key", key).text("state"))
                        .isEqualTo("PAID"));
    }

    @Test
    void database_killedWhilePaymentIsAsked_leavesAPendingOrderThatIsPaidLater() throws Exception {
        var card = newCard("unlucky");
        payment.script(card, Act.HANG);
        try (var waiting = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Customer.Reply> call = () -> customer.order(tea(card));
            var order = waiting.submit(call);
            await().until(() -> payment.calls(card).size() == 1);
            database.stop();
            try {
                assertThat(order.get().status()).isEqualTo(201);
                assertThat(order.get().text("state")).isEqualTo("PENDING");
            } finally {
                database.start();
            }
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(
                                    customer.get(order.get().header("location")).status())
                            .isEqualTo(200));
            customer.awaitState(order.get().header("location"), "PAID");
        }
    }

    private static void assertProblem(int status, Customer.Reply reply) {
        assertThat(reply.status()).as(reply.response().body()).isEqualTo(status);
        assertThat(reply.header("content-type")).isEqualTo("application/problem+json");
        assertThat(reply.json().path("status").intValue()).isEqualTo(status);
        assertThat(reply.response().body()).doesNotContain("Exception", "\tat ", "trace", "dev.perimeter");
    }

    private static java.util.List<String> ids(Customer.Reply page) {
        return page.json().path("orders").values().stream()
                .map(order -> order.path("id").stringValue(""))
                .toList();
    }
}
