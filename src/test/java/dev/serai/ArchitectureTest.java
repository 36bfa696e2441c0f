package dev.serai;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.Architectures;
import java.util.Set;

/** The directions between the rooms, and what may be used where. */
@AnalyzeClasses(packages = "dev.serai", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule rooms_look_down_only =
      Architectures.layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("dev.serai..")
          .withOptionalLayers(true)
          .layer("app")
          .definedBy("dev.serai.app..")
          .layer("api")
          .definedBy("dev.serai.api..")
          .layer("work")
          .definedBy("dev.serai.inbox..", "dev.serai.action..", "dev.serai.sync..")
          .layer("data")
          .definedBy("dev.serai.record..", "dev.serai.stream..", "dev.serai.mapping..")
          .layer("connection")
          .definedBy("dev.serai.connection..")
          .layer("provider")
          .definedBy("dev.serai.provider..")
          .layer("doors")
          .definedBy("dev.serai.outbox..", "dev.serai.http..", "dev.serai.vault..")
          .layer("database")
          .definedBy("dev.serai.database..")
          .layer("sample")
          .definedBy("dev.serai.sample..")
          .whereLayer("app")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("api")
          .mayOnlyBeAccessedByLayers("app")
          .whereLayer("work")
          .mayOnlyBeAccessedByLayers("app", "api")
          .whereLayer("data")
          .mayOnlyBeAccessedByLayers("app", "api", "work")
          .whereLayer("connection")
          .mayOnlyBeAccessedByLayers("app", "api", "work", "data")
          .whereLayer("provider")
          .mayOnlyBeAccessedByLayers("app", "api", "work", "data", "connection")
          .whereLayer("doors")
          .mayOnlyBeAccessedByLayers("app", "api", "work", "data", "connection", "provider")
          .whereLayer("sample")
          .mayOnlyBeAccessedByLayers("app")
          .because(
              "design: app → api → {inbox, action, sync} → {record, stream, mapping} → connection → provider → {outbox, http, vault} → database");

  @ArchTest
  static final ArchRule inbox_action_and_sync_never_see_each_other =
      siblings("dev.serai.(inbox|action|sync)..");

  @ArchTest
  static final ArchRule record_stream_and_mapping_never_see_each_other =
      siblings("dev.serai.(record|stream|mapping)..");

  @ArchTest
  static final ArchRule outbox_http_and_vault_never_see_each_other =
      siblings("dev.serai.(outbox|http|vault)..");

  private static ArchRule siblings(String rooms) {
    return slices().matching(rooms).should().notDependOnEachOther().allowEmptyShould(true);
  }

  @ArchTest
  static final ArchRule the_root_and_the_sample_stand_alone =
      noClasses()
          .that(resideInAPackage("dev.serai").or(resideInAPackage("dev.serai.sample..")))
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.serai..")
                  .and(
                      DescribedPredicate.not(
                          resideInAnyPackage("dev.serai", "dev.serai.sample.."))));

  @ArchTest
  static final ArchRule camel_is_only_in_camel_packages_and_app =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.serai.*.camel..", "dev.serai.app..")
          .should()
          .dependOnClassesThat(resideInAPackage("org.apache.camel.."));

  /** Of the names of components that hold secrets; what is sealed or hashed is none. */
  private static final Set<String> SECRET =
      Set.of(
          "accessToken",
          "apiKey",
          "clientSecret",
          "devKey",
          "hmacKey",
          "password",
          "privateKey",
          "refreshToken",
          "secret",
          "secretConfig",
          "secrets",
          "signingKey",
          "tokenSecret",
          "webhookSecret");

  /** What shows what it holds; a sealed value is bytes. */
  private static final Set<String> HOLDERS =
      Set.of("String", "UUID", "JsonNode", "ObjectNode", "Map");

  @ArchTest
  static final ArchRule records_that_hold_secrets_say_none =
      classes()
          .that(
              new DescribedPredicate<JavaClass>("are records that hold a secret") {
                @Override
                public boolean test(JavaClass type) {
                  return type.isRecord()
                      && !type.getPackageName().equals("dev.serai.provider")
                      && type.getFields().stream()
                          .anyMatch(field ->
                              SECRET.contains(field.getName())
                                  && !field.getModifiers().contains(JavaModifier.STATIC)
                                  && HOLDERS.contains(field.getRawType().getSimpleName()));
                }
              })
          .should(
              new ArchCondition<JavaClass>("have a toString of their own") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                  // The one that the compiler writes is final and shows everything.
                  boolean own =
                      !type.getMethod("toString").getModifiers().contains(JavaModifier.FINAL);
                  events.add(new SimpleConditionEvent(type, own, type.getName()));
                }
              });

  @ArchTest
  static final ArchRule sql_is_only_in_stores_and_database =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.serai.database..")
          .and()
          .haveSimpleNameNotEndingWith("Store")
          .should()
          .callMethodWhere(
              new DescribedPredicate<JavaMethodCall>("a statement is made") {
                @Override
                public boolean test(JavaMethodCall call) {
                  String owner = call.getTargetOwner().getName();
                  String name = call.getName();
                  return owner.equals("org.jdbi.v3.core.Handle")
                      && (name.startsWith("create")
                          || name.startsWith("prepare")
                          || name.equals("execute")
                          || name.equals("select"));
                }
              });

  @ArchTest
  static final ArchRule only_app_reads_the_environment =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.serai.app..")
          .should()
          .callMethod(System.class, "getenv")
          .orShould()
          .callMethod(System.class, "getenv", String.class);

  @ArchTest
  static final ArchRule no_drawer_for_everything =
      noClasses()
          .should()
          .resideInAnyPackage("..util..", "..common..", "..impl..", "..manager..", "..helper..")
          .orShould()
          .haveSimpleNameEndingWith("Impl")
          .orShould()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Util");

  @ArchTest
  static final ArchRule what_goes_wrong_has_a_code_and_an_origin =
      classes()
          .that()
          .areAssignableTo(RuntimeException.class)
          .and()
          .doNotHaveSimpleName("SeraiException")
          .and()
          .resideOutsideOfPackage("dev.serai.sample..")
          .should()
          .beAssignableTo(SeraiException.class)
          .allowEmptyShould(true);
}
