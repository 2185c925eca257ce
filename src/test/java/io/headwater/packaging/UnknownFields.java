package io.headwater.packaging;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Finds what Fabric8's lenient model set aside: every bean keeps the fields that it does not know. */
final class UnknownFields {

    private static final String MODEL = "io.fabric8.kubernetes.api.model";

    private final Set<Object> visited = Collections.newSetFromMap(new IdentityHashMap<>());

    private UnknownFields() {}

    /** Paths of the unknown fields in an object and all that it holds. */
    static List<String> of(Object object) {
        return new UnknownFields().in(object, "").toList();
    }

    private Stream<String> in(Object value, String path) {
        if (value instanceof Collection<?> items) {
            return items.stream().flatMap(item -> in(item, path + "[]"));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream().flatMap(entry -> in(entry.getValue(), path + "." + entry.getKey()));
        }
        boolean bean = value != null
                && value.getClass().getPackageName().startsWith(MODEL)
                && !value.getClass().isEnum();
        if (!bean || !visited.add(value)) {
            return Stream.of();
        }
        return Stream.of(value.getClass().getMethods())
                .filter(method ->
                        method.getParameterCount() == 0 && method.getName().startsWith("get"))
                .flatMap(getter -> below(value, getter, path));
    }

    private Stream<String> below(Object bean, Method getter, String path) {
        Object value = call(bean, getter);
        if (getter.getName().equals("getAdditionalProperties")) {
            return ((Map<?, ?>) value).keySet().stream().map(unknown -> path + "." + unknown);
        }
        return in(value, path + "." + getter.getName().substring("get".length()));
    }

    private static Object call(Object bean, Method getter) {
        try {
            return getter.invoke(bean);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new AssertionError("cannot read " + getter, e);
        }
    }
}
