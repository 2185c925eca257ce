package io.headwater.task;

/** The form of the targets of a goal whose linear output layer can be computed in closed form. */
public enum LinearTarget {
    /** One class for each row of features that has a target; the symbols of a target are names of classes. */
    CLASSES,
    /** Any number of classes for a sample; the symbols of a target are the names of those that apply. */
    LABELS,
    /** Real numbers. */
    NUMBERS
}
