package io.headwater.config.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyTableTest {
    private static final KeyTableBuilder<Wheel> WHEEL = KeyTable.builder();
    private static final Key<Integer> SPOKES =
            WHEEL.required("wheel.spokes", NumberTypes.whole(3, 99), Wheel::spokes, "number of spokes");
    private static final KeyTable<Wheel> WHEELS = WHEEL.build(values -> new Wheel(values.get(SPOKES)));

    private static final KeyTableBuilder<Vehicle> VEHICLE = KeyTable.builder();
    private static final Key<Integer> SEATS =
            VEHICLE.optional("seats", NumberTypes.whole(1, 9), 2, Vehicle::seats, "number of seats");
    private static final Key<Integer> DOORS = VEHICLE.optional(
            "doors", NumberTypes.whole(0, 9), 2, values -> values.get(SEATS), Vehicle::doors, "number of doors");
    private static final Key<Boolean> IS_WHEELED =
            VEHICLE.required("wheeled", TextTypes.flag(), vehicle -> vehicle.wheel() != null, "whether it has wheels");
    private static final KeyTable<Vehicle> VEHICLES = VEHICLE.variant(IS_WHEELED, Set.of(true), WHEELS, Vehicle::wheel)
            .rule(values -> doors(values.get(SEATS), values.get(DOORS)))
            .rule(values -> List.of(new Breach(IS_WHEELED, "is " + values.get(IS_WHEELED))))
            .build(values -> new Vehicle(
                    values.get(SEATS), values.get(DOORS), values.get(IS_WHEELED) ? WHEELS.from(values) : null));

    private static final Vehicle SLEDGE = new Vehicle(1, 0, null);
    private static final Vehicle CART = new Vehicle(2, 0, new Wheel(8));

    @Test
    void shouldGiveBackTheRecordOfItsValues() {
        assertThat(VEHICLES.from(VEHICLES.values(SLEDGE))).isEqualTo(SLEDGE);
        assertThat(VEHICLES.from(VEHICLES.values(CART))).isEqualTo(CART);
    }

    @Test
    void shouldHaveTheKeysOfAPartOnlyWhereItIsChosen() {
        assertThat(VEHICLES.keys(VEHICLES.values(SLEDGE))).containsExactly(SEATS, DOORS, IS_WHEELED);
        assertThat(VEHICLES.keys(VEHICLES.values(CART))).containsExactly(SEATS, DOORS, IS_WHEELED, SPOKES);
        assertThat(VEHICLES.undecided(KeyValues.none())).containsExactly(IS_WHEELED);
        assertThat(VEHICLES.undecided(VEHICLES.values(CART))).isEmpty();
    }

    @Test
    void shouldChangeAKeyOrAPartAndKeepTheRest() {
        assertThat(VEHICLES.with(CART, SEATS, 3)).isEqualTo(new Vehicle(3, 0, new Wheel(8)));
        assertThat(VEHICLES.with(CART, WHEELS, new Wheel(12))).isEqualTo(new Vehicle(2, 0, new Wheel(12)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VEHICLES.with(CART, SEATS, 0))
                .withMessage("seats must be a whole number from 1 to 9, but is '0'");
    }

    @Test
    void shouldTakeTheDefaultWhereNothingIsGiven() {
        KeyValues values = KeyValues.none().with(IS_WHEELED, false).with(SEATS, 5);

        assertThat(VEHICLES.from(values)).isEqualTo(new Vehicle(5, 5, null));
        assertThat(VEHICLES.with(SLEDGE, DOORS, null)).isEqualTo(new Vehicle(1, 1, null));
    }

    @Test
    void shouldLeaveOutRulesOfKeysThatHaveNoValue() {
        KeyValues values = KeyValues.none().with(SEATS, 1).with(DOORS, 4);

        assertThat(VEHICLES.breaches(values)).extracting(Breach::key).containsExactly(DOORS);
        assertThat(VEHICLES.breaches(values.with(IS_WHEELED, true)))
                .extracting(Breach::key)
                .containsExactly(DOORS, IS_WHEELED);
    }

    private static List<Breach> doors(int seats, int doors) {
        return doors > seats ? List.of(new Breach(DOORS, "too many doors")) : List.of();
    }

    private record Wheel(int spokes) {}

    private record Vehicle(int seats, int doors, @Nullable Wheel wheel) {
        Vehicle {
            SEATS.check(seats);
            DOORS.check(doors);
        }
    }
}
