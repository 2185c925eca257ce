package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class EinsumRuleTest {
    private static final String[] EQUATIONS = {
        "ij,jk->ik", "bij,bjk->bik", "bhid,bhjd->bhij", "ij , jk", "i,j->ij", "ij->ji", "bij,ij->b", "ij,jk,kl->il"
    };

    @Property(tries = 40)
    void shouldPassProducts(
            @ForAll @IntRange(max = 7) int equation,
            @ForAll boolean varying,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck check = GradientCheck.at(13, seed);
        List<String> operands = new ArrayList<>();
        for (String term : EQUATIONS[equation].split("->")[0].replace(" ", "").split(",")) {
            String name = "x" + operands.size();
            operands.add(name);
            check.wants(name, term.chars().mapToLong(axis -> 2 + axis % 3).toArray());
            if (varying && term.indexOf('i') >= 0) {
                check.varying(name, term.indexOf('i'));
            }
        }
        check.node("Einsum", operands, List.of("y"), attribute("equation", EQUATIONS[equation]))
                .holds();
    }

    @Example
    void shouldRefuseWhatSumsAnAxisOfOneOperandAlone() {
        GradientCheck check = GradientCheck.at(13, 1)
                .wants("a", 2, 3)
                .node("Einsum", List.of("a"), List.of("y"), attribute("equation", "ij->i"));

        assertThatThrownBy(check::derive).isInstanceOf(GradientException.class).hasMessageContaining("ij->i");
    }
}
