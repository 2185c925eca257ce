package io.headwater.streams;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;

/**
 * A request, as keys of state stores have it: its domain, a zero, and its id. No domain contains a zero.
 *
 * @param domain of the request
 * @param id of the request, unique in the domain
 */
record RequestKey(String domain, String id) {
    Bytes bytes() {
        return Bytes.wrap((domain + '\0' + id).getBytes(StandardCharsets.UTF_8));
    }

    static RequestKey of(Bytes bytes) {
        String text = new String(bytes.get(), StandardCharsets.UTF_8);
        int zero = text.indexOf('\0');
        return new RequestKey(text.substring(0, zero), text.substring(zero + 1));
    }

    @Override
    public String toString() {
        return "'" + id + "' of domain '" + domain + "'";
    }
}
