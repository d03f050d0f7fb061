//! What this node serves beside the SDK's own methods: the next transaction index of an account, fees,
//! and finality.

use hanse_runtime::{opaque::Block, AccountId, Balance};
use jsonrpsee::RpcModule;
use pallet_transaction_payment_rpc::{
	TransactionPayment, TransactionPaymentApiServer, TransactionPaymentRuntimeApi,
};
use sc_consensus_grandpa::{
	FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet, SharedVoterState,
};
use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
use sc_rpc::SubscriptionTaskExecutor;
use sc_transaction_pool_api::TransactionPool;
use sp_api::ProvideRuntimeApi;
use sp_block_builder::BlockBuilder;
use sp_blockchain::HeaderBackend;
use sp_runtime::traits::{Block as BlockT, NumberFor};
use std::{error::Error, sync::Arc};
use substrate_frame_rpc_system::{AccountNonceApi, System, SystemApiServer};

/// What the methods read from.
pub struct Deps<C, P> {
	/// Headers, state and the runtime.
	pub client: Arc<C>,
	/// Transactions that wait: the next index of an account counts them.
	pub pool: Arc<P>,
	/// The rounds of the local voter.
	pub voter_state: SharedVoterState,
	/// Who may vote.
	pub authority_set: SharedAuthoritySet<<Block as BlockT>::Hash, NumberFor<Block>>,
	/// Proofs of finality as they come.
	pub justifications: GrandpaJustificationStream<Block>,
	/// Proofs of finality on demand.
	pub finality_proofs: Arc<FinalityProofProvider<crate::service::Backend, Block>>,
}

/// The methods, in one module. The bounds on `C::Api` are the runtime APIs that they call.
pub fn module<C, P>(
	deps: &Deps<C, P>,
	executor: SubscriptionTaskExecutor,
) -> Result<RpcModule<()>, Box<dyn Error + Send + Sync>>
where
	C: ProvideRuntimeApi<Block> + HeaderBackend<Block> + Send + Sync + 'static,
	// A plain number, whatever the runtime counts with: wallets read nothing else.
	C::Api: AccountNonceApi<Block, AccountId, u32>,
	C::Api: BlockBuilder<Block>,
	C::Api: TransactionPaymentRuntimeApi<Block, Balance>,
	P: TransactionPool + 'static,
{
	let mut module = RpcModule::new(());
	module.merge(System::new(deps.client.clone(), deps.pool.clone()).into_rpc())?;
	module.merge(TransactionPayment::new(deps.client.clone()).into_rpc())?;
	module.merge(
		Grandpa::new(
			executor,
			deps.authority_set.clone(),
			deps.voter_state.clone(),
			deps.justifications.clone(),
			deps.finality_proofs.clone(),
		)
		.into_rpc(),
	)?;
	Ok(module)
}
