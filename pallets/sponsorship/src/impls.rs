//! Who pays, and what is counted.

use crate::{pallet::*, types::*};
use codec::Encode;
use frame_support::{
	dispatch::{DispatchInfo, GetDispatchInfo, Pays},
	traits::{Get, Time},
	weights::Weight,
};
use hanse_primitives::{day_of, Balance, InstitutionId, Members, Quotas};
use pallet_transaction_payment::{Multiplier, OnChargeTransaction};
use sp_runtime::{
	traits::{One, SaturatedConversion},
	transaction_validity::TransactionValidityError,
	DispatchResult, FixedPointNumber,
};

pub(crate) type CallOf<T> = <T as frame_system::Config>::RuntimeCall;
type Payment<T> = pallet_transaction_payment::Pallet<T>;

/// Bytes of a signed transaction beside its call, at most: signature, address, era, nonce, tip and the like.
const ENVELOPE: usize = 150;

impl<T: Config> Pallet<T> {
	/// Who pays how much for `call` signed by `who`, of `len` bytes in all, and where that stands. Changes
	/// nothing. Fails for what is not taken, whoever pays.
	pub fn charge(
		who: &T::AccountId,
		call: &CallOf<T>,
		info: &DispatchInfo,
		len: usize,
	) -> Result<FeeCharge<T::AccountId>, TransactionValidityError> {
		let plain = Self::fee(info, len, info.total_weight(), info.pays_fee, Multiplier::one());
		let payer = Self::decide(who, call, plain);
		let lane = Self::lane(who, call, info.class, &payer)?;
		Self::ensure_fits(lane, info, len)?;
		let fee = Self::fee(info, len, info.total_weight(), info.pays_fee, Self::multiplier(lane));
		Ok(FeeCharge { who: who.clone(), payer, lane, fee })
	}

	/// By what the fee of a transaction is multiplied: full blocks are dear for those alone who fill them.
	pub(crate) fn multiplier(lane: Lane) -> Multiplier {
		match lane {
			Lane::Open => Payment::<T>::next_fee_multiplier(),
			Lane::Members | Lane::Customers | Lane::Governance => Multiplier::one(),
		}
	}

	/// The fee of `len` bytes and `weight`, without a tip: what `pallet-transaction-payment` computes, but at
	/// this multiplier. As there, what would be more than a balance is the largest one, which nobody has.
	pub(crate) fn fee(
		info: &DispatchInfo,
		len: usize,
		weight: Weight,
		pays: Pays,
		multiplier: Multiplier,
	) -> Balance {
		if pays == Pays::No {
			return 0;
		}
		let base = Payment::<T>::weight_to_fee(T::BlockWeights::get().get(info.class).base_extrinsic);
		let length = Payment::<T>::length_to_fee(u32::try_from(len).unwrap_or(u32::MAX));
		let weight: Balance = Payment::<T>::weight_to_fee(weight).saturated_into();
		multiplier
			.saturating_mul_int(weight)
			.saturating_add(base.saturated_into())
			.saturating_add(length.saturated_into())
	}

	/// Who pays `fee` micro-units for `call` signed by `who`. Changes nothing.
	fn decide(who: &T::AccountId, call: &CallOf<T>, fee: Balance) -> Payer<T::AccountId> {
		if fee == 0 {
			Payer::Signer(Unsponsored::NotSponsored)
		} else if T::Offers::is_free(who, call) {
			Payer::Nobody
		} else {
			Self::sponsorship(who, call, fee).map_or_else(Payer::Signer, Payer::Sponsor)
		}
	}

	fn sponsorship(
		who: &T::AccountId,
		call: &CallOf<T>,
		fee: Balance,
	) -> Result<AcceptedOffer<T::AccountId>, Unsponsored> {
		let Offer { sponsor, person, calls, value, quota } = T::Offers::offer(who, call)?;
		// Institutions are no customers, neither by their own key nor by a delegate's.
		let is_institution = |account| T::Members::id_of(account).is_some();
		if is_institution(who) || person != *who && is_institution(&person) {
			return Err(Unsponsored::IsInstitution);
		}
		let whose = match quota {
			None if value < T::MinValue::get() => return Err(Unsponsored::ValueTooSmall),
			None => SponsoredFor::Stranger,
			Some(quota) if quota.left < calls => return Err(Unsponsored::QuotaUsed),
			Some(quota) if quota.registrar == sponsor => SponsoredFor::Own,
			Some(quota) => SponsoredFor::Of(quota.registrar),
		};
		let pays = |sponsor, whose| Self::ensure_sponsors(sponsor, &person, calls, fee, whose);
		pays(sponsor, whose).or_else(|why| match why {
			// Beyond its share, whoever vouches pays.
			Unsponsored::VoucherShareUsed { voucher, .. } => {
				pays(voucher, SponsoredFor::Own).map_err(|_: Unsponsored| why)
			},
			_ => Err(why),
		})
	}

	/// Whether `sponsor` pays for calls of a person: as far as its budget and its free balance go.
	fn ensure_sponsors(
		sponsor: InstitutionId,
		person: &T::AccountId,
		calls: u32,
		fee: Balance,
		whose: SponsoredFor,
	) -> Result<AcceptedOffer<T::AccountId>, Unsponsored> {
		let seats = if let SponsoredFor::Of(_) = whose { T::MemberCalls::member_count() } else { 1 };
		let used_up = |part| match (part, whose) {
			(ExhaustedPart::BlockShare, SponsoredFor::Of(voucher)) => {
				Unsponsored::VoucherShareUsed { sponsor, voucher }
			},
			(ExhaustedPart::BlockShare, SponsoredFor::Stranger) => Unsponsored::StrangersShareUsed(sponsor),
			_ => Unsponsored::BudgetUsed(sponsor),
		};
		let spent = Self::spent_today(sponsor);
		spent.ensure_leaves(fee, T::Budget::get(), whose, seats).map_err(used_up)?;
		let account = T::Members::account(sponsor).ok().filter(|account| T::Purses::can_pay(account, fee));
		let account = account.ok_or(Unsponsored::SponsorShort(sponsor))?;
		Ok(AcceptedOffer { sponsor, account, person: person.clone(), calls, whose, spent })
	}

	/// What becomes of the fee of `call`, if `who` signs it now and tips nothing.
	pub(crate) fn read_who_pays(who: &T::AccountId, call: &CallOf<T>) -> WhoPays {
		let mut info = call.get_dispatch_info();
		info.extension_weight = T::ExtensionWeight::get();
		let len = call.encoded_size().saturating_add(ENVELOPE);
		let Ok(FeeCharge { payer, fee, .. }) = Self::charge(who, call, &info, len) else {
			return WhoPays { payer: None, fee: 0, unsponsored: Some(Unsponsored::NotTaken) };
		};
		let (payer, unsponsored) = match payer {
			Payer::Nobody => (Some(PaidBy::Nobody), None),
			Payer::Sponsor(taken) => (Some(PaidBy::Institution(taken.sponsor)), None),
			Payer::Signer(why) => {
				let can = T::Fees::can_withdraw_fee(who, call, &info, fee, 0).is_ok();
				(can.then_some(PaidBy::Signer), Some(why))
			},
		};
		WhoPays { payer, fee, unsponsored }
	}

	/// What an institution has sponsored today.
	pub fn spent_today(sponsor: InstitutionId) -> DailySpending {
		let day = day_of(T::Time::now());
		let spent = Budgets::<T>::get(sponsor);
		if spent.day == day {
			spent
		} else {
			DailySpending { day, ..Default::default() }
		}
	}

	/// Take the declared fee of a sponsored transaction off its sponsor, and count it against the person's quota.
	/// There is room for it: that was checked before anything was withdrawn.
	pub(crate) fn take(taken: &AcceptedOffer<T::AccountId>, declared: Balance) -> DispatchResult {
		T::Purses::take(&taken.account, declared)?;
		if taken.whose != SponsoredFor::Stranger {
			T::Quotas::use_quota(&taken.person, taken.calls);
		}
		Ok(())
	}

	/// Pay the fee of a sponsored transaction that ran, and count it against the sponsor's budget.
	pub(crate) fn settle(
		taken: AcceptedOffer<T::AccountId>,
		customer: T::AccountId,
		declared: Balance,
		fee: Balance,
	) {
		let AcceptedOffer { sponsor, account, whose, mut spent, .. } = taken;
		T::Purses::settle(&account, declared, fee);
		spent.add(whose, fee);
		Budgets::<T>::insert(sponsor, spent);
		Self::deposit_event(Event::FeeSponsored { sponsor, customer, fee });
	}
}
