//! What nodes and wallets may ask the runtime.

use super::*;
use crate::reads::{Commitments, Legs, Standing, Statement};
use alloc::{boxed::Box, vec::Vec};
use codec::Encode;
use frame_support::{
	genesis_builder_helper::{build_state, get_preset},
	storage::with_transaction_unchecked,
	traits::KeyOwnerProofSystem,
	weights::Weight,
};
use hanse_primitives::{Burn, InstitutionId, Moment, Order, ProgramId, Tag, VoteRequirement};
use pallet_customers::Customer;
use pallet_exchange::Receipt;
use pallet_grandpa::AuthorityId as GrandpaId;
use pallet_points::{OrderStatus, Portfolio, ProgramPage, RollForward};
use pallet_rulebook::RuleRow;
use pallet_sponsorship::WhoPays;
use pallet_transaction_payment_rpc_runtime_api::InclusionFee;
use sp_api::impl_runtime_apis;
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_core::OpaqueMetadata;
use sp_runtime::{
	traits::Block as BlockT,
	transaction_validity::{TransactionSource, TransactionValidity},
	ApplyExtrinsicResult, DispatchError, ExtrinsicInclusionMode, TransactionOutcome,
};
use sp_session::OpaqueGeneratedSessionKeys;

impl_runtime_apis! {
	impl sp_api::Core<Block> for Runtime {
		fn version() -> RuntimeVersion {
			VERSION
		}

		fn execute_block(block: <Block as BlockT>::LazyBlock) {
			#[cfg(substrate_runtime)]
			host::ask_less();
			Executive::execute_block(block)
		}

		fn initialize_block(header: &<Block as BlockT>::Header) -> ExtrinsicInclusionMode {
			#[cfg(substrate_runtime)]
			host::ask_less();
			Executive::initialize_block(header)
		}
	}

	impl sp_api::Metadata<Block> for Runtime {
		fn metadata() -> OpaqueMetadata {
			OpaqueMetadata::new(Runtime::metadata().into())
		}

		fn metadata_at_version(version: u32) -> Option<OpaqueMetadata> {
			Runtime::metadata_at_version(version)
		}

		fn metadata_versions() -> Vec<u32> {
			Runtime::metadata_versions()
		}
	}

	impl frame_support::view_functions::runtime_api::RuntimeViewFunction<Block> for Runtime {
		fn execute_view_function(
			id: frame_support::view_functions::ViewFunctionId,
			input: Vec<u8>,
		) -> Result<Vec<u8>, frame_support::view_functions::ViewFunctionDispatchError> {
			Runtime::execute_view_function(id, input)
		}
	}

	impl sp_block_builder::BlockBuilder<Block> for Runtime {
		fn apply_extrinsic(extrinsic: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
			#[cfg(substrate_runtime)]
			host::ask_less();
			Executive::apply_extrinsic(extrinsic)
		}

		fn finalize_block() -> <Block as BlockT>::Header {
			#[cfg(substrate_runtime)]
			host::ask_less();
			Executive::finalize_block()
		}

		fn inherent_extrinsics(data: sp_inherents::InherentData) -> Vec<<Block as BlockT>::Extrinsic> {
			data.create_extrinsics()
		}

		fn check_inherents(
			block: <Block as BlockT>::LazyBlock,
			data: sp_inherents::InherentData,
		) -> sp_inherents::CheckInherentsResult {
			data.check_extrinsics(&block)
		}
	}

	impl crate::authoring::BatchApi<Block> for Runtime {
		fn apply_extrinsics(transactions: Vec<<Block as BlockT>::Extrinsic>) -> Vec<ApplyExtrinsicResult> {
			#[cfg(substrate_runtime)]
			host::ask_less();
			let apply = |transaction| {
				with_transaction_unchecked(|| match Executive::apply_extrinsic(transaction) {
					Ok(applied) => TransactionOutcome::Commit(Ok(applied)),
					Err(refused) => TransactionOutcome::Rollback(Err(refused)),
				})
			};
			transactions.into_iter().map(apply).collect()
		}
	}

	impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
		fn validate_transaction(
			source: TransactionSource,
			tx: <Block as BlockT>::Extrinsic,
			block_hash: <Block as BlockT>::Hash,
		) -> TransactionValidity {
			#[cfg(substrate_runtime)]
			host::ask_less();
			Executive::validate_transaction(source, tx, block_hash)
		}
	}

	impl sp_consensus_aura::AuraApi<Block, AuraId> for Runtime {
		fn slot_duration() -> sp_consensus_aura::SlotDuration {
			sp_consensus_aura::SlotDuration::from_millis(Aura::slot_duration())
		}

		fn authorities() -> Vec<AuraId> {
			pallet_aura::Authorities::<Runtime>::get().into_inner()
		}
	}

	impl sp_session::SessionKeys<Block> for Runtime {
		fn generate_session_keys(owner: Vec<u8>, seed: Option<Vec<u8>>) -> OpaqueGeneratedSessionKeys {
			SessionKeys::generate(&owner, seed).into()
		}

		fn decode_session_keys(encoded: Vec<u8>) -> Option<Vec<(Vec<u8>, sp_core::crypto::KeyTypeId)>> {
			SessionKeys::decode_into_raw_public_keys(&encoded)
		}
	}

	impl sp_consensus_grandpa::GrandpaApi<Block> for Runtime {
		fn grandpa_authorities() -> sp_consensus_grandpa::AuthorityList {
			Grandpa::grandpa_authorities()
		}

		fn current_set_id() -> sp_consensus_grandpa::SetId {
			pallet_grandpa::CurrentSetId::<Runtime>::get()
		}

		fn submit_report_equivocation_unsigned_extrinsic(
			equivocation_proof: sp_consensus_grandpa::EquivocationProof<
				<Block as BlockT>::Hash,
				sp_runtime::traits::NumberFor<Block>,
			>,
			key_owner_proof: sp_consensus_grandpa::OpaqueKeyOwnershipProof,
		) -> Option<()> {
			Grandpa::submit_unsigned_equivocation_report(equivocation_proof, key_owner_proof.decode()?)
		}

		fn generate_key_ownership_proof(
			_set_id: sp_consensus_grandpa::SetId,
			authority_id: GrandpaId,
		) -> Option<sp_consensus_grandpa::OpaqueKeyOwnershipProof> {
			Historical::prove((sp_consensus_grandpa::KEY_TYPE, authority_id))
				.map(|proof| sp_consensus_grandpa::OpaqueKeyOwnershipProof::new(proof.encode()))
		}
	}

	impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
		/// A plain number: wallets cannot read the type that holds the first nonce.
		fn account_nonce(account: AccountId) -> Nonce {
			*System::account_nonce(account)
		}
	}

	impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance> for Runtime {
		/// What the signer pays: nothing where an institution would pay in this state, or nobody.
		fn query_info(
			uxt: <Block as BlockT>::Extrinsic,
			len: u32,
		) -> pallet_transaction_payment_rpc_runtime_api::RuntimeDispatchInfo<Balance> {
			let fee = configs::fee_of_signer(&uxt, len);
			let mut info = TransactionPayment::query_info(uxt, len);
			info.partial_fee = fee.unwrap_or(info.partial_fee);
			info
		}

		fn query_fee_details(
			uxt: <Block as BlockT>::Extrinsic,
			len: u32,
		) -> pallet_transaction_payment_rpc_runtime_api::FeeDetails<Balance> {
			let fee = configs::fee_of_signer(&uxt, len);
			let mut details = TransactionPayment::query_fee_details(uxt, len);
			details.inclusion_fee = match (fee, details.inclusion_fee) {
				(Some(0), _) => None,
				// A member's is not multiplied.
				(Some(fee), Some(of)) => {
					let adjusted_weight_fee = fee.saturating_sub(of.base_fee).saturating_sub(of.len_fee);
					Some(InclusionFee { adjusted_weight_fee, ..of })
				},
				(_, of) => of,
			};
			details
		}

		fn query_weight_to_fee(weight: Weight) -> Balance {
			TransactionPayment::weight_to_fee(weight)
		}

		fn query_length_to_fee(length: u32) -> Balance {
			TransactionPayment::length_to_fee(length)
		}
	}

	impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentCallApi<Block, Balance, RuntimeCall>
		for Runtime
	{
		fn query_call_info(
			call: RuntimeCall,
			len: u32,
		) -> pallet_transaction_payment_rpc_runtime_api::RuntimeDispatchInfo<Balance> {
			TransactionPayment::query_call_info(call, len)
		}

		fn query_call_fee_details(
			call: RuntimeCall,
			len: u32,
		) -> pallet_transaction_payment_rpc_runtime_api::FeeDetails<Balance> {
			TransactionPayment::query_call_fee_details(call, len)
		}

		fn query_weight_to_fee(weight: Weight) -> Balance {
			TransactionPayment::weight_to_fee(weight)
		}

		fn query_length_to_fee(length: u32) -> Balance {
			TransactionPayment::length_to_fee(length)
		}
	}

	impl crate::reads::HanseApi<Block> for Runtime {
		fn portfolio(account: AccountId, from: ProgramId) -> Portfolio {
			Points::portfolio(account, from)
		}

		fn programs(from: ProgramId) -> ProgramPage {
			Points::programs(from)
		}

		fn awarded(program: ProgramId, orders: Commitments) -> Vec<Option<OrderStatus>> {
			Points::awarded(program, orders)
		}

		fn quote_pay(
			payer: AccountId,
			merchant: InstitutionId,
			order: Order,
			price: Balance,
			legs: Legs,
		) -> Result<Vec<Burn>, DispatchError> {
			Exchange::quote_pay(payer, merchant, order, price, legs)
		}

		fn slip(
			merchant: InstitutionId,
			payer: AccountId,
			order: Order,
			price: Balance,
			legs: Legs,
			until: Moment,
		) -> Vec<u8> {
			Exchange::slip(merchant, payer, order, price, legs, until)
		}

		fn quote_exchange(
			who: AccountId,
			from: ProgramId,
			amount: Balance,
			to: ProgramId,
		) -> Result<Balance, DispatchError> {
			Exchange::quote_exchange(who, from, amount, to)
		}

		fn receipt(merchant: InstitutionId, payer: AccountId, order: Order) -> Option<Receipt> {
			Exchange::receipt(merchant, payer, order)
		}

		fn statement(institution: InstitutionId) -> Option<Statement> {
			let (issuing, clearing) = (Points::statement(institution)?, Clearing::positions(institution)?);
			Some(Statement { issuing, clearing })
		}

		fn standing(institution: InstitutionId) -> Option<Standing> {
			let status = pallet_institutions::Institutions::<Runtime>::get(institution)?.status;
			Some(Standing { status, conduct: Conduct::standing(institution)? })
		}

		fn shares_this_era(institution: InstitutionId) -> Result<(), pallet_conduct::NoShareReason> {
			Conduct::shares_this_era(institution)
		}

		fn roll_forward(program: ProgramId, at: Moment) -> Option<RollForward> {
			Points::roll_forward(program, at)
		}

		fn customer(account: AccountId) -> Option<Customer> {
			Customers::customer(account)
		}

		fn consent(
			institution: InstitutionId,
			account: AccountId,
			commitment: Hash,
			tag: Tag,
			may_recover: bool,
			until: Moment,
		) -> Vec<u8> {
			Customers::consent(institution, account, commitment, tag, may_recover, until)
		}

		fn invitation(host: AccountId, guest: AccountId, until: Moment) -> Vec<u8> {
			Customers::invitation(host, guest, until)
		}

		fn acceptance(institution: InstitutionId, old: AccountId, new: AccountId, until: Moment) -> Vec<u8> {
			Customers::acceptance(institution, old, new, until)
		}

		fn who_pays(call: RuntimeCall, who: AccountId) -> WhoPays {
			Sponsorship::who_pays(Box::new(call), who)
		}

		fn rules() -> Rules {
			Rulebook::rules()
		}

		fn rule_table() -> Vec<RuleRow> {
			Rulebook::rule_table()
		}

		fn majority_for(call: RuntimeCall) -> Option<VoteRequirement> {
			Rulebook::majority_for(call)
		}
	}

	impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
		fn build_state(config: Vec<u8>) -> sp_genesis_builder::Result {
			build_state::<RuntimeGenesisConfig>(config)
		}

		fn get_preset(id: &Option<sp_genesis_builder::PresetId>) -> Option<Vec<u8>> {
			get_preset::<RuntimeGenesisConfig>(id, genesis_presets::get_preset)
		}

		fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
			genesis_presets::preset_names()
		}
	}

	#[cfg(feature = "runtime-benchmarks")]
	impl frame_benchmarking::Benchmark<Block> for Runtime {
		fn benchmark_metadata(
			extra: bool,
		) -> (Vec<frame_benchmarking::BenchmarkList>, Vec<frame_support::traits::StorageInfo>) {
			crate::benchmarks::metadata(extra)
		}

		fn dispatch_benchmark(
			config: frame_benchmarking::BenchmarkConfig,
		) -> Result<Vec<frame_benchmarking::BenchmarkBatch>, alloc::string::String> {
			#[cfg(substrate_runtime)]
			host::ask_less();
			crate::benchmarks::dispatch(config)
		}
	}

	#[cfg(feature = "try-runtime")]
	impl frame_try_runtime::TryRuntime<Block> for Runtime {
		fn on_runtime_upgrade(checks: frame_try_runtime::UpgradeCheckSelect) -> (Weight, Weight) {
			let weight = Executive::try_runtime_upgrade(checks).expect("the runtime upgrade fails its checks");
			(weight, <Runtime as frame_system::Config>::BlockWeights::get().max_block)
		}

		fn execute_block(
			block: <Block as BlockT>::LazyBlock,
			state_root_check: bool,
			signature_check: bool,
			select: frame_try_runtime::TryStateSelect,
		) -> Weight {
			Executive::try_execute_block(block, state_root_check, signature_check, select)
				.expect("the block fails its checks")
		}
	}
}
