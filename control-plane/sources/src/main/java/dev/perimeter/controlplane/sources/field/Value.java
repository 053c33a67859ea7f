package dev.perimeter.controlplane.sources.field;

import dev.perimeter.controlplane.sources.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One value of a field that is there: read as one type, with a problem and a stand-in if it is another. */
public record Value(Tree tree, String path, Problems problems) {

    /** A text; a number or a boolean is none, because YAML would write it differently than it was meant. */
    public String text() {
        if (tree instanceof Tree.Scalar scalar && scalar.type() == Tree.Type.TEXT) {
            return scalar.text();
        }
        boolean scalar = tree instanceof Tree.Scalar;
        problem("must be a text, but is " + tree.described() + ".", scalar ? "Put it in quotes." : "Write one value.");
        return "";
    }

    /** A text of a form. */
    public String text(Form form) {
        String text = text();
        if (tree instanceof Tree.Scalar scalar && scalar.type() == Tree.Type.TEXT) {
            String reason = form.refusal(text);
            if (reason != null) {
                problem("is \"" + text + "\": " + reason, form.fix());
            }
        }
        return text;
    }

    /** A text that is one of a few words. */
    public <T> @Nullable T word(List<T> choices, Function<T, String> wordOf) {
        String text = text();
        for (T choice : choices) {
            if (wordOf.apply(choice).equals(text)) {
                return choice;
            }
        }
        if (!text.isEmpty()) {
            List<String> words = choices.stream().map(wordOf).toList();
            String near = Spelling.nearest(text, words);
            problem(
                    "is \"" + text + "\", which is not known here.",
                    near != null ? "Did you mean \"" + near + "\"?" : "Use " + String.join(" or ", words) + ".");
        }
        return null;
    }

    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,18}");

    /** A whole number within bounds, both included. */
    public int number(int least, int most) {
        String fix = "Write a whole number from " + least + " to " + most + ".";
        if (!(tree instanceof Tree.Scalar scalar)
                || scalar.type() != Tree.Type.NUMBER
                || !WHOLE_NUMBER.matcher(scalar.text()).matches()) {
            problem("must be a whole number, but is " + tree.described() + ".", fix);
            return least;
        }
        long number = Long.parseLong(scalar.text());
        if (number < least || number > most) {
            problem("is " + number + ", which is out of range.", fix);
            return least;
        }
        return (int) number;
    }

    public int port() {
        return number(1, 65535);
    }

    public boolean isNumber() {
        return tree instanceof Tree.Scalar scalar && scalar.type() == Tree.Type.NUMBER;
    }

    public boolean isEmptyText() {
        return tree instanceof Tree.Scalar scalar
                && scalar.type() == Tree.Type.TEXT
                && scalar.text().isEmpty();
    }

    boolean isEmptyList() {
        return tree instanceof Tree.Sequence sequence && sequence.items().isEmpty();
    }

    public boolean bool() {
        if (tree instanceof Tree.Scalar scalar && scalar.type() == Tree.Type.BOOLEAN) {
            return scalar.text().equalsIgnoreCase("true");
        }
        problem("must be true or false, but is " + tree.described() + ".", "Write true or false, without quotes.");
        return false;
    }

    /** A mapping, read whole; null after a problem if it is none. */
    public <T> @Nullable T object(Function<Fields, T> reader) {
        if (tree instanceof Tree.Mapping mapping) {
            return Fields.whole(mapping, path, problems, reader);
        }
        problem("must be a mapping, but is " + tree.described() + ".", "Write fields below it, indented.");
        return null;
    }

    /** The items of a list. */
    public List<Value> items() {
        List<Value> items = new ArrayList<>();
        if (tree instanceof Tree.Sequence sequence) {
            for (Tree item : sequence.items()) {
                items.add(new Value(item, path + "[" + items.size() + "]", problems));
            }
        } else {
            problem("must be a list, but is " + tree.described() + ".", "Start each item with a dash.");
        }
        return items;
    }

    public void problem(String reason, String fix) {
        problems.add(tree.line(), path, reason, fix);
    }
}
