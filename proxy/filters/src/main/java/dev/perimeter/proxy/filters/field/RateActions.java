package dev.perimeter.proxy.filters.field;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.filters.limit.Descriptors;
import io.envoyproxy.envoy.config.route.v3.RateLimit;
import io.envoyproxy.envoy.config.route.v3.RateLimit.Action;
import java.util.ArrayList;
import java.util.List;

/** What of a request makes the entries by which limits are told apart. */
public final class RateActions {

    private static final FieldList ACTION = FieldList.of(Action::getDescriptor)
            .inside(
                    Action.REQUEST_HEADERS_FIELD_NUMBER,
                    FieldList.of(Action.RequestHeaders::getDescriptor)
                            .honoured(
                                    Action.RequestHeaders.HEADER_NAME_FIELD_NUMBER,
                                    Action.RequestHeaders.DESCRIPTOR_KEY_FIELD_NUMBER,
                                    Action.RequestHeaders.SKIP_IF_ABSENT_FIELD_NUMBER))
            .inside(Action.REMOTE_ADDRESS_FIELD_NUMBER, FieldList.of(Action.RemoteAddress::getDescriptor))
            .inside(
                    Action.GENERIC_KEY_FIELD_NUMBER,
                    FieldList.of(Action.GenericKey::getDescriptor)
                            .honoured(
                                    Action.GenericKey.DESCRIPTOR_VALUE_FIELD_NUMBER,
                                    Action.GenericKey.DESCRIPTOR_KEY_FIELD_NUMBER))
            .inside(
                    Action.HEADER_VALUE_MATCH_FIELD_NUMBER,
                    FieldList.of(Action.HeaderValueMatch::getDescriptor)
                            .honoured(
                                    Action.HeaderValueMatch.DESCRIPTOR_VALUE_FIELD_NUMBER,
                                    Action.HeaderValueMatch.DESCRIPTOR_KEY_FIELD_NUMBER,
                                    Action.HeaderValueMatch.EXPECT_MATCH_FIELD_NUMBER)
                            .inside(Action.HeaderValueMatch.HEADERS_FIELD_NUMBER, Conditions.HEADER));

    public static final FieldList FIELDS =
            FieldList.of(RateLimit::getDescriptor).inside(RateLimit.ACTIONS_FIELD_NUMBER, ACTION);

    private RateActions() {}

    public static List<List<Descriptors.Action>> read(List<RateLimit> limits, Field parent, String name) {
        List<List<Descriptors.Action>> all = new ArrayList<>();
        for (int i = 0; i < limits.size(); i++) {
            Field here = parent.in(name, i);
            List<Descriptors.Action> actions = new ArrayList<>();
            for (int j = 0; j < limits.get(i).getActionsCount(); j++) {
                actions.add(action(limits.get(i).getActions(j), here.in("actions", j)));
            }
            if (actions.isEmpty()) {
                here.in("actions").refuse("must not be empty");
            }
            all.add(List.copyOf(actions));
        }
        return List.copyOf(all);
    }

    private static Descriptors.Action action(Action action, Field field) {
        return switch (action.getActionSpecifierCase()) {
            case REQUEST_HEADERS ->
                new Descriptors.Action.Header(
                        action.getRequestHeaders().getHeaderName(),
                        action.getRequestHeaders().getDescriptorKey(),
                        action.getRequestHeaders().getSkipIfAbsent());
            case REMOTE_ADDRESS -> new Descriptors.Action.RemoteAddress();
            case GENERIC_KEY ->
                new Descriptors.Action.Fixed(entry(
                        action.getGenericKey().getDescriptorKey(),
                        "generic_key",
                        action.getGenericKey().getDescriptorValue()));
            case HEADER_VALUE_MATCH -> {
                Action.HeaderValueMatch match = action.getHeaderValueMatch();
                yield new Descriptors.Action.Matching(
                        entry(match.getDescriptorKey(), "header_match", match.getDescriptorValue()),
                        Conditions.headers(match.getHeadersList(), field.in("header_value_match"), "headers"),
                        !match.hasExpectMatch() || match.getExpectMatch().getValue());
            }
            default -> {
                field.refuse("needs one of request_headers, remote_address, generic_key and header_value_match");
                yield new Descriptors.Action.RemoteAddress();
            }
        };
    }

    private static Descriptors.Entry entry(String key, String usual, String value) {
        return new Descriptors.Entry(key.isEmpty() ? usual : key, value);
    }
}
