package dev.serai.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DatabaseAddressTest {

  @Test
  void user_and_password_are_taken_out_of_the_url() {
    DatabaseAddress address =
        DatabaseAddress.parse("postgresql://serai:p%40ss+w@db.example:6432/app?sslmode=require");

    assertThat(address.jdbcUrl())
        .isEqualTo("jdbc:postgresql://db.example:6432/app?sslmode=require");
    assertThat(address.user()).isEqualTo("serai");
    assertThat(address.password()).isEqualTo("p@ss+w");
  }

  @Test
  void the_form_of_jdbc_is_read_too() {
    DatabaseAddress address =
        DatabaseAddress.parse("jdbc:postgresql://localhost/app?user=me&password=secret");

    assertThat(address)
        .isEqualTo(new DatabaseAddress("jdbc:postgresql://localhost/app", "me", "secret"));
  }

  @Test
  void the_password_does_not_show() {
    assertThat(DatabaseAddress.parse("postgresql://me:secret@localhost/app").toString())
        .doesNotContain("secret");
  }

  @Test
  void what_is_missing_is_named() {
    assertThatThrownBy(() -> DatabaseAddress.parse("mysql://me@localhost/app"))
        .hasMessage("must start with postgresql://");
    assertThatThrownBy(() -> DatabaseAddress.parse("postgresql://me@localhost"))
        .hasMessage("must name a host and a database");
    assertThatThrownBy(() -> DatabaseAddress.parse("postgresql://localhost/app"))
        .hasMessage("must name a user");
  }
}
