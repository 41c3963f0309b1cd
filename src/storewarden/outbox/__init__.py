"""What happened, kept until everybody who asked for it has been told.

An area publishes in the transaction of the deed; a handler only writes rows of its own, in the
transaction that marks the happening as spread. So nothing is lost between the two, and nothing is
told twice.

    outbox.actions.publish("store.expired", {"store": …}, store_id=store.pk)
    outbox.handlers.subscribe("webhooks", plan_deliveries)      # once, in AppConfig.ready()
"""
