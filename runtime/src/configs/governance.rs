//! What the members decide with: the rulebook, and the two emergency brakes.

use crate::{constants::*, *};
use configs::{motions::*, origins::*};
use frame_support::{
	parameter_types,
	traits::{ConstU32, Contains, Get, NeverEnsureOrigin},
};
use frame_system::{EnsureRoot, EnsureWithSuccess};
use pallet_tx_pause::RuntimeCallNameOf;

/// All that a vote can ever dispatch as Root: upgrades, pauses, and who has a deposit role, which has a majority of
/// its own and is announced by it.
pub struct Enactable;
impl Contains<RuntimeCall> for Enactable {
	fn contains(call: &RuntimeCall) -> bool {
		matches!(
			call,
			RuntimeCall::System(frame_system::Call::authorize_upgrade { .. })
				| RuntimeCall::TxPause(
					pallet_tx_pause::Call::pause { .. } | pallet_tx_pause::Call::unpause { .. }
				) | RuntimeCall::Clearing(pallet_clearing::Call::appoint_deposit_role { .. })
		)
	}
}

impl pallet_rulebook::Config for Runtime {
	type AmendOrigin = RuleChange;
	type EnactOrigin = Enactment;
	type Enactable = Enactable;
	type EraEnd = configs::alliance::EraEnd;
	type Majorities = MajorityTable;
	type Motions = OpenMotions;
	type RuntimeCall = RuntimeCall;
	type SpendingStopped = SpendingStopped;
	type Time = Timestamp;
	type WeightInfo = weights::Measured;
}

/// Pallets that neither brake stops: without time no block is made, and without votes nobody gets out.
fn is_allowed_under_brakes(pallet: &str) -> bool {
	const GO_ON: [&str; 14] = [
		"System",
		"Timestamp",
		"Alliance",
		"Rulebook",
		"Institutions",
		"Authorities",
		"Session",
		"Grandpa",
		"SafeMode",
		// Times run out meanwhile too: of halts, of answers, of cases.
		"Supervision",
		"Conduct",
		// How institutions vote; what they wrap is checked in its turn.
		"Utility",
		"Multisig",
		"Proxy",
	];
	GO_ON.contains(&pallet)
}

/// The calls that neither brake stops.
pub struct AllowedUnderBrakes;
impl Contains<RuntimeCall> for AllowedUnderBrakes {
	fn contains(call: &RuntimeCall) -> bool {
		use frame_support::traits::GetCallMetadata;
		is_allowed_under_brakes(call.get_call_metadata().pallet_name)
	}
}

/// The calls that safe mode does not stop: those, what keeps a member from falling overdue meanwhile, a customer's
/// objection to a recovery and its wish to be forgotten, and, if the rules say that payments go on and so clocks
/// run, payments and what takes back an award within its return window.
pub struct AllowedInSafeMode;
impl Contains<RuntimeCall> for AllowedInSafeMode {
	fn contains(call: &RuntimeCall) -> bool {
		use pallet_exchange::Call as Exchange;
		match call {
			RuntimeCall::Clearing(pallet_clearing::Call::top_up { .. })
			| RuntimeCall::Customers(
				pallet_customers::Call::object_to_recovery {} | pallet_customers::Call::forget {},
			) => true,
			RuntimeCall::Exchange(
				Exchange::pay { .. }
				| Exchange::present_slips { .. }
				| Exchange::authorize { .. }
				| Exchange::capture { .. }
				| Exchange::void { .. }
				| Exchange::refund { .. },
			)
			| RuntimeCall::Points(pallet_points::Call::cancel_award { .. }) => {
				Rulebook::rules().payments_in_safe_mode == 1
			},
			_ => AllowedUnderBrakes::contains(call),
		}
	}
}
impl Contains<RuntimeCallNameOf<Runtime>> for AllowedUnderBrakes {
	fn contains((pallet, _): &RuntimeCallNameOf<Runtime>) -> bool {
		core::str::from_utf8(pallet).is_ok_and(is_allowed_under_brakes)
	}
}

/// Whether a brake keeps customers from spending, or members from paying what they owe: safe mode in which
/// payments stop, or a pause of any call of the pallets in which value moves.
pub struct SpendingStopped;
impl Get<bool> for SpendingStopped {
	fn get() -> bool {
		const SPENDING: [&[u8]; 5] = [b"Assets", b"Clearing", b"Customers", b"Exchange", b"Points"];
		// In most blocks nothing is paused, and that is one read.
		let mut paused = pallet_tx_pause::PausedCalls::<Runtime>::iter_keys().take(MAX_PAUSED);
		let stops = |(pallet, _): RuntimeCallNameOf<Runtime>| SPENDING.contains(&pallet.as_slice());
		(SafeMode::is_entered() && Rulebook::rules().payments_in_safe_mode == 0) || paused.any(stops)
	}
}

/// Paused calls that are read at most to know whether spending is stopped.
const MAX_PAUSED: usize = 64;

parameter_types! {
	pub const SafeModeDuration: BlockNumber = SAFE_MODE_DURATION;
	/// Nobody buys a stop of the chain.
	pub const NoPermissionlessSafeMode: Option<Balance> = None;
	pub const Never: Option<BlockNumber> = None;
}

impl pallet_safe_mode::Config for Runtime {
	type Currency = Balances;
	type EnterDepositAmount = NoPermissionlessSafeMode;
	type EnterDuration = SafeModeDuration;
	type ExtendDepositAmount = NoPermissionlessSafeMode;
	type ExtendDuration = SafeModeDuration;
	type ForceDepositOrigin = NeverEnsureOrigin<()>;
	type ForceEnterOrigin = EnsureWithSuccess<Emergency, AccountId, SafeModeDuration>;
	type ForceExitOrigin = Emergency;
	type ForceExtendOrigin = EnsureWithSuccess<Emergency, AccountId, SafeModeDuration>;
	type Notify = ();
	type ReleaseDelay = Never;
	type RuntimeEvent = RuntimeEvent;
	type RuntimeHoldReason = RuntimeHoldReason;
	type WeightInfo = pallet_safe_mode::weights::SubstrateWeight<Runtime>;
	type WhitelistedCalls = AllowedInSafeMode;
}

impl pallet_tx_pause::Config for Runtime {
	type MaxNameLen = ConstU32<64>;
	type PauseOrigin = EnsureRoot<AccountId>;
	type RuntimeCall = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type UnpauseOrigin = EnsureRoot<AccountId>;
	type WeightInfo = pallet_tx_pause::weights::SubstrateWeight<Runtime>;
	type WhitelistedCalls = AllowedUnderBrakes;
}
