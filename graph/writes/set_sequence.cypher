// Which change of the records the graph reflects once this transaction is committed.
MATCH (state:GraphState {id: 'state'})
SET state.sequence = $sequence
