// Writers follow one another: whoever has written to this node holds it until the end of its transaction.
MATCH (state:GraphState {id: 'state'})
SET state.id = 'state'
RETURN count(state) AS states
