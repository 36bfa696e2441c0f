package dev.serai.record.camel;

import dev.serai.record.RecordWriter;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** One model's endpoint; shared by every route that names it. */
public final class RecordsEndpoint extends DefaultEndpoint {
  private final RecordWriter writer;
  private final String model;
  private boolean delete;
  private boolean override;

  RecordsEndpoint(String uri, RecordsComponent component, RecordWriter writer, String model) {
    super(uri, component);
    this.writer = writer;
    this.model = model;
  }

  /** True: the body names records that are deleted. */
  public void setDelete(boolean delete) {
    this.delete = delete;
  }

  public boolean isDelete() {
    return delete;
  }

  /**
   * True: a page also replaces what an action or a webhook has changed since the page was asked
   * for. By default such a record is skipped and read again next time.
   */
  public void setOverride(boolean override) {
    this.override = override;
  }

  public boolean isOverride() {
    return override;
  }

  @Override
  public Producer createProducer() {
    return new RecordsProducer(this, writer, model);
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new UnsupportedOperationException("records: is a step; a sync begins with sync:");
  }
}
