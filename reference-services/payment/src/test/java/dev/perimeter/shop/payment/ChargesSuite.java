package dev.perimeter.shop.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.perimeter.shop.contracts.Charge;
import dev.perimeter.shop.contracts.CreateChargeRequest;
import dev.perimeter.shop.contracts.GetChargeRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds on every database. Two instances share it, as they do in the shop. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ChargesSuite {

    private static final String TEA = """
        {"amount":900,"currency":"EUR","card":"tok_visa"}\
        """;

    private final TestDatabase database;
    private RunningPayment one;
    private RunningPayment two;
    private LogGuard log;

    ChargesSuite(TestDatabase database) {
        this.database = database;
    }

    /** One after the other: two Boot applications that start at once in one JVM race for its one logging system. */
    @BeforeAll
    void start() throws Exception {
        one = new RunningPayment(database.settings());
        // Without the profile, a planned fault is only a property that nobody reads.
        two = new RunningPayment(concat(database.settings(), "--lab.fault.error-every=1"));
        log = LogGuard.attach();
    }

    @AfterAll
    void stop() {
        one.close();
        two.close();
        database.close();
        log.assertNothingBut(event -> event.getFormattedMessage().startsWith("database: "));
    }

    @Test
    void charge_newKey_isApprovedAndCanBeRead() {
        var key = newKey();
        var made = one.charge(key, TEA);
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.header("x-lab-fault")).isEmpty();
        assertThat(made.text("status")).isEqualTo("APPROVED");
        assertThat(made.text("key")).isEqualTo(key);
        assertThat(made.response().body()).doesNotContain("tok_visa");
        assertThat(two.get(made.header("location")).json()).isEqualTo(made.json());
    }

    @Test
    void charge_repeatedKey_isTheSameChargeAtEitherInstance() {
        var key = newKey();
        var made = one.charge(key, TEA);
        var again = two.charge(key, " { \"card\":\"tok_visa\", \"currency\":\"EUR\", \"amount\":900 } ");
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.header("idempotency-replayed")).isEqualTo("true");
        assertThat(again.json()).isEqualTo(made.json());
    }

    @ParameterizedTest
    @CsvSource({"901, EUR, tok_visa", "900, CHF, tok_visa", "900, EUR, tok_other"})
    void charge_repeatedKeyWithAnotherBody_is422(long amount, String currency, String card) {
        var key = newKey();
        one.charge(key, TEA);
        var other = two.charge(key, """
            {"amount":%d,"currency":"%s","card":"%s"}\
            """.formatted(amount, currency, card));
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.header("content-type")).isEqualTo("application/problem+json");
    }

    @Test
    void charge_oneKeyAtBothInstancesAtOnce_isOneCharge() throws Exception {
        for (int round = 0; round < 10; round++) {
            var key = newKey();
            var answers = new ArrayList<Future<RunningPayment.Reply>>();
            try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int caller = 0; caller < 8; caller++) {
                    var instance = caller % 2 == 0 ? one : two;
                    Callable<RunningPayment.Reply> call = () -> instance.charge(key, TEA);
                    answers.add(callers.submit(call));
                }
            }
            var first = answers.getFirst().get();
            for (var answer : answers) {
                assertThat(answer.get().status()).isEqualTo(201);
                assertThat(answer.get().json()).isEqualTo(first.json());
            }
            assertThat(answers.stream()
                            .filter(answer -> answer.resultNow()
                                    .header("idempotency-replayed")
                                    .isEmpty()))
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "tok_declined, card_declined",
        "tok_insufficient_funds, insufficient_funds",
        "tok_expired, expired_card",
        "tok_stolen, stolen_card"
    })
    void charge_cardThatIsDeclined_saysWhyByRestAndByGrpc(String card, String reason) {
        var key = newKey();
        var declined = one.charge(key, TEA.replace("tok_visa", card));
        assertThat(declined.status()).isEqualTo(201);
        assertThat(declined.text("status")).isEqualTo("DECLINED");
        assertThat(declined.text("reason")).isEqualTo(reason);
        var byGrpc = two.grpc().createCharge(tea(key).setCard(card).build());
        assertThat(byGrpc.getStatus()).isEqualTo(Charge.Status.DECLINED);
        assertThat(byGrpc.getReason()).isEqualTo(reason);
        assertThat(byGrpc.getId()).isEqualTo(declined.text("id"));
    }

    @Test
    void grpc_sameKey_isTheChargeThatRestMade() {
        var key = newKey();
        var made = one.charge(key, TEA);
        var again = two.grpc().createCharge(tea(key).build());
        assertThat(again.getId()).isEqualTo(made.text("id"));
        assertThat(again.getCreatedAt()).isEqualTo(made.text("createdAt"));
        assertThat(one.grpc()
                        .getCharge(GetChargeRequest.newBuilder()
                                .setId(again.getId())
                                .build()))
                .isEqualTo(again);
    }

    @Test
    void grpc_whatCannotBe_isRefusedWithTheStatusOfTheContract() {
        var key = newKey();
        one.charge(key, TEA);
        assertRefused(
                Status.Code.ALREADY_EXISTS,
                () -> one.grpc().createCharge(tea(key).setAmount(1).build()));
        assertRefused(
                Status.Code.INVALID_ARGUMENT,
                () -> one.grpc().createCharge(tea(newKey()).setCurrency("EURO").build()));
        assertRefused(
                Status.Code.NOT_FOUND,
                () -> one.grpc()
                        .getCharge(
                                GetChargeRequest.newBuilder().setId("nothing").build()));
    }

    @Test
    void list_pageByPage_visitsEveryChargeOnceInOrder() {
        for (int i = 0; i < 5; i++) {
            one.charge(newKey(), TEA);
        }
        var whole = ids(one.get("/charges?limit=500"));
        var paged = new ArrayList<String>();
        for (var next = ""; ; ) {
            var page = two.get("/charges?limit=2" + next);
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
        {"amount":0,"currency":"EUR","card":"tok_visa"}      | amount
        {"amount":1.5,"currency":"EUR","card":"tok_visa"}    | amount
        {"amount":"9","currency":"EUR","card":"tok_visa"}    | amount
        {"amount":99999999999999999999,"currency":"EUR","card":"tok_visa"} | amount
        {"amount":9,"currency":"EURO","card":"tok_visa"}     | currency
        {"amount":9,"currency":"ABC","card":"tok_visa"}      | currency
        {"amount":9,"currency":7,"card":"tok_visa"}          | currency
        {"amount":9,"currency":"EUR","card":"4111111111111"} | card
        {"amount":9,"currency":"EUR"}                        | card
        """)
    void charge_fieldThatBreaksARule_isNamed(String body, String field) {
        var refused = one.charge(newKey(), body);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.header("content-type")).isEqualTo("application/problem+json");
        assertThat(refused.json().path("errors").path(0).path("field").stringValue(""))
                .isEqualTo(field);
        assertThat(refused.json().path("errors").size()).isEqualTo(1);
    }

    @Test
    void request_thatMakesNoSense_isAProblemWithoutATrace() {
        var noKey = one.send(one.request("/charges")
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(TEA)));
        assertThat(noKey.status()).isEqualTo(400);
        assertThat(noKey.text("detail")).contains("Idempotency-Key");
        assertProblem(400, one.charge(newKey(), "{"));
        assertProblem(400, one.get("/charges/no-uuid"));
        assertProblem(400, one.get("/charges?limit=0"));
        assertProblem(404, one.get("/charges/" + UUID.randomUUID()));
        assertProblem(404, one.get("/nowhere"));
        assertProblem(400, one.get("/charges/%2F"));
        assertProblem(405, one.send(one.request("/charges").DELETE()));
        assertProblem(415, one.send(one.request("/charges").POST(BodyPublishers.ofString(TEA))));
    }

    @Test
    void database_killed_isAnsweredAtOnceAndForgottenWhenItIsBack() {
        var key = newKey();
        one.charge(newKey(), TEA);
        database.stop();
        try {
            for (int i = 0; i < 4; i++) {
                var away = one.charge(key, TEA);
                assertProblem(503, away);
                assertThat(away.header("retry-after")).isEqualTo("1");
            }
            assertRefused(Status.Code.UNAVAILABLE, () -> two.grpc().createCharge(tea(key).build()));
        } finally {
            database.start();
        }
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(one.charge(key, TEA).status()).isEqualTo(201));
        await().atMost(Duration.ofSeconds(10))
                .ignoreException(StatusRuntimeException.class)
                .untilAsserted(() -> assertThat(
                                two.grpc().createCharge(tea(key).build()).getKey())
                        .isEqualTo(key));
    }

    private static void assertProblem(int status, RunningPayment.Reply reply) {
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.header("content-type")).isEqualTo("application/problem+json");
        assertThat(reply.response().body()).doesNotContain("Exception", "\tat ", "trace");
    }

    private static void assertRefused(Status.Code code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refused -> assertThat(refused.getStatus().getCode()).isEqualTo(code));
    }

    private static CreateChargeRequest.Builder tea(String key) {
        return CreateChargeRequest.newBuilder()
                .setKey(key)
                .setAmount(900)
                .setCurrency("EUR")
                .setCard("tok_visa");
    }

    private static java.util.List<String> ids(RunningPayment.Reply page) {
        return page.json().path("charges").values().stream()
                .map(charge -> charge.path("id").stringValue(""))
                .toList();
    }

    private static String newKey() {
        return UUID.randomUUID().toString();
    }

    private static String[] concat(String[] settings, String another) {
        var all = java.util.Arrays.copyOf(settings, settings.length + 1);
        all[settings.length] = another;
        return all;
    }
}
