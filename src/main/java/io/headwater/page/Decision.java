package io.headwater.page;

/**
 * A button that asks for confirmation.
 *
 * @param id of the button, so that it keeps the focus when the page is updated
 * @param action as the API names it
 * @param label on the button
 * @param version number of the version; empty for none
 * @param says what will happen
 */
record Decision(String id, String action, String label, String version, String says) {
    static Decision of(String action, String label, String says) {
        return new Decision("do-" + action, action, label, "", says);
    }

    static Decision of(String action, String label, long version, String says) {
        return new Decision("do-" + action + "-" + version, action, label, Long.toString(version), says);
    }
}
