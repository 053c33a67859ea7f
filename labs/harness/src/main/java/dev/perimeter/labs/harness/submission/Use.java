package dev.perimeter.labs.harness.submission;

/**
 * One place where a submission uses a class, or a method or field of one.
 *
 * @param file name of the source file
 * @param line in that file; 0 where the compiler noted none
 * @param where the method, with the nested class it is in; empty for a declaration
 * @param owner the class that is used, with dots
 * @param member the method or field, {@code <init>} for a constructor; empty where only the class is named
 * @param descriptor of that member, as class files have it; empty where only the class is named
 */
record Use(String file, int line, String where, String owner, String member, String descriptor) {

    Use of(String another) {
        return new Use(file, line, where, another, member, descriptor);
    }

    /** What is used, as a reader of the source knows it. */
    String name() {
        return member.equals("<init>") ? "new " + owner : owner + "." + member;
    }

    String told(String name, String why) {
        return "refused: " + file + (line > 0 ? ":" + line : "") + ": " + (where.isEmpty() ? "" : where + " ") + "uses "
                + name.replace('$', '.') + ": " + why;
    }

    static String dotted(String internalName) {
        return internalName.replace('/', '.');
    }
}
