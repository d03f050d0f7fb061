//! Keys inside an institution: what a delegate may do for it.
//!
//! Each type allows exactly the calls that are named here. A test goes through all calls of the runtime,
//! so that a new one belongs to a type on purpose or not at all.

use crate::{constants::*, *};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
	parameter_types,
	traits::{ConstU32, InstanceFilter},
};
use scale_info::TypeInfo;
use sp_runtime::traits::{StaticLookup, Zero};

/// What a delegate may do for an account.
#[derive(
	Clone,
	Copy,
	Debug,
	Decode,
	DecodeWithMemTracking,
	Default,
	Encode,
	Eq,
	MaxEncodedLen,
	Ord,
	PartialEq,
	PartialOrd,
	TypeInfo,
)]
pub enum ProxyType {
	/// Everything. The default, since pallet-proxy gives the default type rights of its own.
	#[default]
	Any,
	/// The issuer: programs, their terms, and issuing points.
	Issue,
	/// The cashier at a till: captures, refunds, and taking back what was awarded for returned goods.
	Cashier,
	/// The registrar of customers: registering them, and recovering what a lost key held.
	Registrar,
	/// The treasurer: reserve, lines and bond.
	Treasury,
	/// The delegate to the alliance: motions, votes, and answers to those who supervise.
	Governance,
	/// The operator of the node: keys, and whether it runs.
	Authority,
}

impl InstanceFilter<RuntimeCall> for ProxyType {
	fn filter(&self, call: &RuntimeCall) -> bool {
		use pallet_authorities::Call as Authorities;
		use pallet_clearing::Call as Clearing;
		use pallet_collective::Call as Alliance;
		use pallet_conduct::Call as Conduct;
		use pallet_customers::Call as Customers;
		use pallet_exchange::Call as Exchange;
		use pallet_institutions::Call as Institutions;
		use pallet_points::Call as Points;
		match self {
			ProxyType::Any => true,
			ProxyType::Issue => matches!(
				call,
				RuntimeCall::Points(
					Points::create_program { .. }
						| Points::revise_terms { .. }
						| Points::issue { .. }
						| Points::issue_batch { .. }
						| Points::cancel_award { .. }
				)
			),
			ProxyType::Cashier => matches!(
				call,
				RuntimeCall::Points(Points::cancel_award { .. })
					| RuntimeCall::Exchange(
						Exchange::refund { .. }
							| Exchange::capture { .. }
							| Exchange::void { .. }
							| Exchange::present_slips { .. }
					)
			),
			ProxyType::Registrar => matches!(
				call,
				RuntimeCall::Customers(
					Customers::register { .. }
						| Customers::unregister { .. }
						| Customers::open_recovery { .. }
						| Customers::withdraw_recovery { .. }
				)
			),
			ProxyType::Treasury => matches!(
				call,
				RuntimeCall::Clearing(
					Clearing::top_up { .. }
						| Clearing::draw_down { .. }
						| Clearing::grant_credit_line { .. }
						| Clearing::accept_credit_line { .. }
						| Clearing::request_payout { .. }
				) | RuntimeCall::Institutions(Institutions::top_up_bond { .. })
			),
			ProxyType::Governance => matches!(
				call,
				RuntimeCall::Alliance(
					Alliance::propose { .. }
						| Alliance::vote { .. }
						| Alliance::close { .. }
						| Alliance::release_proposal_cost { .. }
				) | RuntimeCall::Supervision(pallet_supervision::Call::disclose { .. })
					| RuntimeCall::Conduct(Conduct::answer_complaints { .. } | Conduct::open_case { .. })
			),
			ProxyType::Authority => matches!(
				call,
				RuntimeCall::Authorities(Authorities::operate { .. })
					| RuntimeCall::Session(pallet_session::Call::set_keys { .. })
			),
		}
	}

	fn is_superset(&self, other: &Self) -> bool {
		*self == ProxyType::Any || self == other
	}
}

/// The account for which `who` may make `call` by proxy at once, if it may.
pub(super) fn proxied(
	who: &AccountId,
	real: &Address,
	proxy_type: Option<ProxyType>,
	call: &RuntimeCall,
) -> Option<AccountId> {
	let real = <Runtime as frame_system::Config>::Lookup::lookup(real.clone()).ok()?;
	let proxy = Proxy::find_proxy(&real, who, proxy_type).ok()?;
	(proxy.delay.is_zero() && proxy.proxy_type.filter(call)).then_some(real)
}

parameter_types! {
	/// One stored item, and each account named in it.
	pub const ItemDeposit: Balance = 10 * CENT;
	pub const AccountDeposit: Balance = CENT;
}

impl pallet_proxy::Config for Runtime {
	type AnnouncementDepositBase = ItemDeposit;
	type AnnouncementDepositFactor = AccountDeposit;
	type BlockNumberProvider = System;
	type CallHasher = BlakeTwo256;
	type Currency = Balances;
	type MaxPending = ConstU32<32>;
	type MaxProxies = ConstU32<32>;
	type ProxyDepositBase = ItemDeposit;
	type ProxyDepositFactor = AccountDeposit;
	type ProxyType = ProxyType;
	type RuntimeCall = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = pallet_proxy::weights::SubstrateWeight<Runtime>;
}

impl pallet_multisig::Config for Runtime {
	type BlockNumberProvider = System;
	type Currency = Balances;
	type DepositBase = ItemDeposit;
	type DepositFactor = AccountDeposit;
	type MaxSignatories = ConstU32<32>;
	type RuntimeCall = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = pallet_multisig::weights::SubstrateWeight<Runtime>;
}

impl pallet_utility::Config for Runtime {
	type PalletsOrigin = OriginCaller;
	type RuntimeCall = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = pallet_utility::weights::SubstrateWeight<Runtime>;
}
