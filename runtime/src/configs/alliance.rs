//! Hanse's own pallets, wired to each other by traits and to the rules.

use crate::{constants::*, *};
use alloc::boxed::Box;
use codec::Encode;
use frame_support::{
	dispatch::GetDispatchInfo,
	parameter_types,
	traits::{ConstU128, ConstU64},
	weights::Weight,
	PalletId,
};
use hanse_primitives::{EraEndList, EraEndStep, EraIndex, Moment, OnEraEnd};
use pallet_customers::CustomerRules;
use pallet_exchange::PaymentRules;
use pallet_institutions::EnsureMember;
use pallet_rulebook::Rule;
use sp_runtime::{
	traits::{Convert, Get},
	Percent, Permill,
};

parameter_types! {
	pub const PointsPalletId: PalletId = POINTS_PALLET_ID;

	// What the members agreed on, read anew each time. Requirements that were raised have a grace.
	pub AdmissionBond: Balance = Rulebook::rules().admission_bond;
	pub Awake: Moment = Rulebook::rules().awake;
	pub RequiredBond: Balance = Rulebook::enforced(Rule::AdmissionBond);
	pub LiabilityRatio: u32 = Rulebook::enforced(Rule::LiabilityRatio) as u32;
	pub ReserveRatio: Percent = Percent::from_percent(Rulebook::enforced(Rule::ReserveRatio) as u8);
	pub Growth: Percent = Percent::from_percent(Rulebook::rules().growth as u8);
	pub GrowthFloor: Balance = Rulebook::rules().growth_floor;
	pub MaxPending: Moment = Rulebook::rules().max_pending;
	pub MaxValidity: Moment = Rulebook::rules().max_validity;
	pub RefundWindow: EraIndex = Rulebook::rules().refund_window;
	pub AnswerTime: Moment = Rulebook::rules().answer;
	pub AppealTime: Moment = Rulebook::rules().appeal;
	pub CaseTime: Moment = Rulebook::rules().case_time;
	pub CaseDeposit: Balance = Rulebook::rules().case_deposit;
	pub DemeritDecay: u32 = Rulebook::rules().demerit_decay;
	pub OfflineEras: u32 = Rulebook::rules().offline_eras;
	pub MaxHalt: Moment = Rulebook::rules().halt;
	pub Cycle: Moment = Rulebook::rules().cycle;
	pub PayoutTime: Moment = Rulebook::rules().payout_time;
	pub DepositCap: Balance = Rulebook::rules().deposit_cap;
}

/// The rules that a payment asks for, those of one pallet in one read.
pub struct AgreedRules;
impl Get<CustomerRules> for AgreedRules {
	fn get() -> CustomerRules {
		let rules = Rulebook::rules();
		CustomerRules {
			window: rules.customer_window,
			limit: rules.customer_limit,
			exchange_age: rules.exchange_age,
			recovery_delay: rules.recovery_delay,
			sponsor_quota: rules.sponsor_quota,
		}
	}
}
impl Get<PaymentRules> for AgreedRules {
	fn get() -> PaymentRules {
		let rules = Rulebook::rules();
		PaymentRules {
			interchange: Permill::from_parts(rules.interchange),
			authorisation: rules.authorisation,
			no_exchange: rules.no_exchange,
			slip_lifetime: rules.slip_lifetime,
			refund_window: rules.refund_window,
			order_eras: rules.order_eras,
		}
	}
}

/// What happens when an era has ended, in this order; the rulebook calls it.
pub struct EraEnd;
impl EraEndList for EraEnd {
	const STEPS: &'static [EraEndStep] = &[
		// Assesses everybody, also how their authorities served, which counts anew from then on; then demerits
		// decay, suspensions end, the pot is shared, and authorities stop that were offline for too long.
		Conduct::on_era_end,
		// Lets applications lapse.
		Institutions::on_era_end,
		// Stops the clocks of programs whose reserve is below the minimum; after a whole era of that comes run-off.
		Points::on_era_end,
	];
}

impl pallet_institutions::Config for Runtime {
	type AdmissionBond = AdmissionBond;
	type AdmitOrigin = configs::origins::Admission;
	type ApplicationLifetime = ConstU64<APPLICATION_LIFETIME>;
	type Authorities = Authorities;
	type Awake = Awake;
	type PendingClaims = (Customers, Conduct);
	type Clearing = Clearing;
	type DeadlineClock = Rulebook;
	type Currency = Balances;
	type Electorate = configs::majority::AllianceMembers;
	type Eras = Rulebook;
	type ExpelOrigin = configs::origins::Expulsion;
	type Liabilities = Points;
	type Programs = Points;
	type RefundWindow = RefundWindow;
	type RejectOrigin = configs::origins::Rejection;
	type RequiredBond = RequiredBond;
	type RuntimeHoldReason = RuntimeHoldReason;
	type Time = Timestamp;
	type WeightInfo = weights::Measured;
}

impl pallet_clearing::Config for Runtime {
	type AppointOrigin = configs::origins::Appointment;
	type DeadlineClock = Rulebook;
	type Conduct = Conduct;
	type Currency = Balances;
	type Cycle = Cycle;
	type PayoutTimeout = PayoutTime;
	type DepositCap = DepositCap;
	type Liabilities = Points;
	type MemberOrigin = EnsureMember<Runtime>;
	type Members = Institutions;
	type Notice = Rulebook;
	type PartnerPauses = Points;
	type Pot = configs::PotAccount;
	type RuntimeHoldReason = RuntimeHoldReason;
	type MemberStatus = Institutions;
	type WeightInfo = weights::Measured;
}

impl pallet_customers::Config for Runtime {
	type DeadlineClock = Rulebook;
	type Halts = Supervision;
	type Holdings = Points;
	type MemberOrigin = EnsureMember<Runtime>;
	type Members = Institutions;
	type Rules = AgreedRules;
	type Signature = Signature;
	type Time = Timestamp;
	type WeightInfo = weights::Measured;
}

impl pallet_points::Config for Runtime {
	type Assets = Assets;
	type Clearing = Clearing;
	type DeadlineClock = Rulebook;
	type Conduct = Conduct;
	type Customers = Customers;
	type Eras = Rulebook;
	type Growth = Growth;
	type GrowthFloor = GrowthFloor;
	type Halts = Supervision;
	type LiabilityRatio = LiabilityRatio;
	type MaxPending = MaxPending;
	type MaxValidity = MaxValidity;
	type MemberOrigin = EnsureMember<Runtime>;
	type Members = Institutions;
	type MinPeriod = ConstU64<MIN_PERIOD>;
	type PalletId = PointsPalletId;
	type ReserveRatio = ReserveRatio;
	type Sanctions = (Conduct, Supervision);
	type MemberStatus = Institutions;
	type Time = Timestamp;
	type WeightInfo = weights::Measured;
}

impl pallet_exchange::Config for Runtime {
	type Clearing = Clearing;
	type DeadlineClock = Rulebook;
	type Customers = Customers;
	type Eras = Rulebook;
	type MemberOrigin = EnsureMember<Runtime>;
	type Members = Institutions;
	type MinPrice = ConstU128<MIN_PRICE>;
	type Points = Points;
	type Rules = AgreedRules;
	type Signature = Signature;
	type OnInterchangeCollected = Conduct;
	type Time = Timestamp;
	type WeightInfo = weights::Measured;
}

impl pallet_conduct::Config for Runtime {
	type AdmissionBond = AdmissionBond;
	type AnswerTime = AnswerTime;
	type AppealTime = AppealTime;
	type CaseCost = CaseCost;
	type CaseDeposit = CaseDeposit;
	type CaseTime = CaseTime;
	type DeadlineClock = Rulebook;
	type Currency = Balances;
	type Customers = Customers;
	type DemeritDecay = DemeritDecay;
	type Electorate = configs::majority::AllianceMembers;
	type Eras = Rulebook;
	type MemberOrigin = EnsureMember<Runtime>;
	type Members = Institutions;
	type OfflineEras = OfflineEras;
	type Penalties = Rulebook;
	type Pot = configs::PotAccount;
	type Chargebacks = Exchange;
	type RequiredBond = RequiredBond;
	type ReverseOrigin = configs::origins::Judgement;
	type RuntimeHoldReason = RuntimeHoldReason;
	type ServiceReports = Authorities;
	type MemberStatus = Institutions;
	type UpholdOrigin = configs::origins::Judgement;
	type JudgementDebts = Clearing;
	type WeightInfo = weights::Measured;
	type WeightToFee = FeeOfWork;
}

/// What the chain's work costs today.
pub struct FeeOfWork;
impl Convert<Weight, Balance> for FeeOfWork {
	fn convert(weight: Weight) -> Balance {
		TransactionPayment::weight_to_fee(weight)
	}
}

/// The fees of bringing a case, of moving to uphold it, of one vote, and of closing, all without a tip.
pub struct CaseCost;
impl Get<Balance> for CaseCost {
	fn get() -> Balance {
		/// Bytes of a signed transaction beside its call.
		const ENVELOPE: u32 = 150;
		let of = |call: RuntimeCall| {
			let length = ENVELOPE.saturating_add(call.encoded_size() as u32);
			TransactionPayment::compute_fee(length, &call.get_dispatch_info(), 0)
		};
		let (hash, weight) = (Hash::zero(), Weight::zero());
		let uphold: RuntimeCall = pallet_conduct::Call::uphold_complaint { merchant: 0, number: 0 }.into();
		let propose = pallet_collective::Call::propose {
			threshold: 2,
			proposal: Box::new(uphold.into()),
			length_bound: 16,
		};
		let vote = pallet_collective::Call::vote { proposal: hash, index: 0, approve: true };
		let close = pallet_collective::Call::close {
			proposal_hash: hash,
			index: 0,
			proposal_weight_bound: weight,
			length_bound: 16,
		};
		let bring = of(pallet_conduct::Call::open_case { merchant: 0, number: 0 }.into());
		[propose, vote, close].into_iter().fold(bring, |sum, call| sum.saturating_add(of(call.into())))
	}
}

impl pallet_supervision::Config for Runtime {
	type AnswerTime = AnswerTime;
	type AppointOrigin = configs::origins::Appointment;
	type DeadlineClock = Rulebook;
	type ProgramClocks = Points;
	type Conduct = Conduct;
	type LiftOrigin = configs::origins::Relief;
	type MaxHalt = MaxHalt;
	type MemberOrigin = EnsureMember<Runtime>;
	type Members = Institutions;
	type Points = Points;
	type RatifyOrigin = configs::origins::Judgement;
	type Time = Timestamp;
	type WeightInfo = weights::Measured;
}
