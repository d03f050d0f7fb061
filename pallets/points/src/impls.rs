use crate::{math, pallet::*, types::*};
use alloc::{format, string::String, vec::Vec};
use frame_support::{
	ensure,
	traits::{
		fungibles::{metadata::Mutate as MetadataMutate, Create, Inspect, Mutate},
		tokens::{Fortitude, Precision, Preservation},
		Get, Time,
	},
};
use hanse_primitives::{
	asset_id, Balance, Burn, Burned, Clearing, EraIndex, Eras, InstitutionId, Liabilities, Members, Order,
	Points, ProgramId, Venue,
};
use sp_runtime::{traits::AccountIdConversion, ArithmeticError, DispatchError, DispatchResult};

/// How many periods the points of a program may live on after their own.
const MAX_PERIODS_VALID: u64 = 6;
/// The largest face value in micro-units: a smallest unit is worth a hundredth of a settlement unit.
const MAX_FACE_VALUE: u32 = 10_000;
/// The most decimals of points: those of the settlement unit.
const MAX_DECIMALS: u8 = 6;

impl<T: Config> Pallet<T> {
	/// The account that owns the assets of all vintages.
	pub fn account_id() -> T::AccountId {
		T::PalletId::get().into_account_truncating()
	}

	pub(crate) fn do_create_program(issuer: InstitutionId, label: Label, terms: Terms) -> DispatchResult {
		T::Members::ensure_active(issuer)?;
		Self::ensure_valid(&terms)?;
		let symbol_is_valid = label.symbol.iter().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
		ensure!(
			symbol_is_valid
				&& !label.symbol.is_empty()
				&& !label.name.is_empty()
				&& core::str::from_utf8(&label.name).is_ok(),
			Error::<T>::InvalidLabel
		);

		let program = LastProgram::<T>::get().checked_add(1).ok_or(Error::<T>::MaxProgramsExceeded)?;
		ProgramsOf::<T>::try_mutate(issuer, |programs| programs.try_push(program))
			.map_err(|_| Error::<T>::MaxProgramsExceeded)?;
		LastProgram::<T>::put(program);
		Labels::<T>::insert(program, label);
		Programs::<T>::insert(
			program,
			Program { issuer, terms, started: T::Time::now(), opened: 0, vintages: Default::default() },
		);
		Self::deposit_event(Event::ProgramCreated { institution: issuer, program, terms });
		Ok(())
	}

	fn ensure_valid(terms: &Terms) -> DispatchResult {
		ensure!((1..=MAX_FACE_VALUE).contains(&terms.face_value), Error::<T>::InvalidFaceValue);
		ensure!(terms.decimals <= MAX_DECIMALS, Error::<T>::InvalidDecimals);
		ensure!(terms.period >= T::MinPeriod::get(), Error::<T>::PeriodTooShort);
		let longest = terms.period.saturating_mul(MAX_PERIODS_VALID).min(T::MaxValidity::get());
		ensure!((1..=longest).contains(&terms.validity), Error::<T>::InvalidValidity);
		Ok(())
	}

	pub(crate) fn do_issue(
		issuer: InstitutionId,
		id: ProgramId,
		to: T::AccountId,
		amount: Balance,
		order: Order,
	) -> DispatchResult {
		let award = Award { to: to.clone(), amount, order: order.commitment };
		let (vintage, _) = Self::award(issuer, id, order.era, core::slice::from_ref(&award))?;
		Self::deposit_event(Event::PointsIssued { program: id, asset: vintage.asset, to, amount });
		Ok(())
	}

	pub(crate) fn do_issue_batch(
		issuer: InstitutionId,
		id: ProgramId,
		era: EraIndex,
		awards: &[Award<T::AccountId>],
	) -> DispatchResult {
		let (vintage, amount) = Self::award(issuer, id, era, awards)?;
		let awards = awards.len() as u32;
		Self::deposit_event(Event::BatchIssued { program: id, asset: vintage.asset, awards, amount });
		Ok(())
	}

	/// Mint `awards` into the vintage of the current period; returns it and the smallest units in all.
	fn award(
		issuer: InstitutionId,
		id: ProgramId,
		era: EraIndex,
		awards: &[Award<T::AccountId>],
	) -> Result<(Vintage, Balance), DispatchError> {
		T::Members::ensure_active(issuer)?;
		let mut program = Programs::<T>::get(id).ok_or(Error::<T>::NotFound)?;
		ensure!(program.issuer == issuer, Error::<T>::NotIssuer);
		ensure!(T::Eras::takes_orders(era), Error::<T>::EraNotOpen);
		ensure!(!awards.is_empty(), Error::<T>::NoAwards);

		let mut total: Balance = 0;
		for award in awards {
			ensure!(award.amount > 0, Error::<T>::ZeroAmount);
			let key = (era.to_be_bytes(), id, award.order);
			ensure!(!Awarded::<T>::contains_key(key), Error::<T>::AlreadyIssued);
			Awarded::<T>::insert(key, ());
			total = total.checked_add(award.amount).ok_or(ArithmeticError::Overflow)?;
		}
		let vintage =
			Self::mint(id, &mut program, awards.iter().map(|award| (&award.to, award.amount)), total)?;
		FlowsOf::<T>::try_mutate(id, |flows| Self::grow(&mut flows.issued, total))?;
		Ok((vintage, total))
	}

	/// Mint `total` smallest units, divided as `shares`, within the issuer's liability cap.
	fn mint<'a>(
		id: ProgramId,
		program: &mut Program,
		shares: impl Iterator<Item = (&'a T::AccountId, Balance)>,
		total: Balance,
	) -> Result<Vintage, DispatchError>
	where
		T::AccountId: 'a,
	{
		let vintage = Self::current_vintage(id, program)?;
		let value = math::value_of(total, vintage.face_value).ok_or(Error::<T>::OverLiabilityCap)?;
		let outstanding =
			Outstanding::<T>::get(program.issuer).checked_add(value).ok_or(Error::<T>::OverLiabilityCap)?;
		let backing = T::Members::bond(program.issuer).saturating_add(T::Clearing::reserve(program.issuer));
		Self::ensure_within_cap(outstanding, backing)?;

		for (to, amount) in shares {
			T::Assets::mint_into(vintage.asset, to, amount)?;
		}
		Outstanding::<T>::insert(program.issuer, outstanding);
		Ok(vintage)
	}

	/// The vintage of the period that runs now; opened if these are its first points.
	fn current_vintage(id: ProgramId, program: &mut Program) -> Result<Vintage, DispatchError> {
		let expires = program.expiry_at(T::Time::now());
		if let Some(vintage) = program.vintages.last().filter(|v| v.expires == expires) {
			return Ok(*vintage);
		}
		let sequence = u16::try_from(program.opened).map_err(|_| Error::<T>::MaxVintagesExceeded)?;
		let vintage =
			Vintage { asset: asset_id(id, sequence), face_value: program.terms.face_value, expires };
		// Expiries only grow within one set of terms, so the end of the list is the vintage's place.
		program.vintages.try_push(vintage).map_err(|_| Error::<T>::MaxVintagesExceeded)?;
		program.opened += 1;

		let owner = Self::account_id();
		T::Assets::create(vintage.asset, owner.clone(), true, 1)?;
		let label = Labels::<T>::get(id).ok_or(Error::<T>::NotFound)?;
		let numbered = |text: &[u8], separator| {
			format!("{}{separator}{}", String::from_utf8_lossy(text), program.opened).into_bytes()
		};
		let (name, symbol) = (numbered(&label.name, ' '), numbered(&label.symbol, '-'));
		T::Assets::set(vintage.asset, &owner, name, symbol, program.terms.decimals)?;

		Agenda::<T>::insert((expires.to_be_bytes(), vintage.asset.to_be_bytes()), ());
		Programs::<T>::insert(id, &*program);
		Self::deposit_event(Event::VintageOpened {
			program: id,
			asset: vintage.asset,
			face_value: vintage.face_value,
			expires,
		});
		Ok(vintage)
	}

	fn ensure_within_cap(outstanding: Balance, backing: Balance) -> DispatchResult {
		ensure!(
			outstanding <= math::liability_cap(backing, T::LiabilityRatio::get()),
			Error::<T>::OverLiabilityCap
		);
		Ok(())
	}

	/// Grow a flow counter.
	pub(crate) fn grow(counter: &mut Balance, by: Balance) -> DispatchResult {
		*counter = counter.checked_add(by).ok_or(ArithmeticError::Overflow)?;
		Ok(())
	}
}

impl<T: Config> Points<T::AccountId> for Pallet<T> {
	fn burn(
		from: &T::AccountId,
		id: ProgramId,
		max_points: Balance,
		max_value: Balance,
		venue: Venue,
	) -> Result<Burned, DispatchError> {
		let program = Programs::<T>::get(id).ok_or(Error::<T>::NotFound)?;
		let now = T::Time::now();
		let (mut points_left, mut value_left, mut value) = (max_points, max_value, 0);
		let mut burns = Vec::new();
		for vintage in program.vintages.iter().filter(|vintage| vintage.expires > now) {
			if points_left == 0 || value_left == 0 {
				break;
			}
			let points = T::Assets::reducible_balance(
				vintage.asset,
				from,
				Preservation::Expendable,
				Fortitude::Polite,
			)
			.min(points_left)
			.min(math::points_to_cover(value_left, vintage.face_value));
			if points == 0 {
				continue;
			}
			T::Assets::burn_from(
				vintage.asset,
				from,
				points,
				Preservation::Expendable,
				Precision::Exact,
				Fortitude::Polite,
			)?;
			let burned = math::value_of(points, vintage.face_value).ok_or(ArithmeticError::Overflow)?;
			burns.push(Burn { asset: vintage.asset, points, value: burned });
			points_left -= points;
			value_left = value_left.saturating_sub(burned);
			value += burned;
		}

		Outstanding::<T>::try_mutate(program.issuer, |outstanding| {
			*outstanding = outstanding.checked_sub(value).ok_or(ArithmeticError::Underflow)?;
			DispatchResult::Ok(())
		})?;
		FlowsOf::<T>::try_mutate(id, |flows| {
			let counter = match venue {
				Venue::Merchant(merchant) if merchant == program.issuer => &mut flows.redeemed_at_home,
				Venue::Merchant(_) => &mut flows.redeemed_at_partners,
				Venue::Exchange => &mut flows.exchanged_out,
			};
			Self::grow(counter, max_points - points_left)
		})?;
		Ok(Burned { issuer: program.issuer, burns })
	}

	fn issuer(program: ProgramId) -> Result<InstitutionId, DispatchError> {
		Programs::<T>::get(program).map(|program| program.issuer).ok_or_else(|| Error::<T>::NotFound.into())
	}

	fn exchange_in(to: &T::AccountId, id: ProgramId, value: Balance) -> Result<Balance, DispatchError> {
		let mut program = Programs::<T>::get(id).ok_or(Error::<T>::NotFound)?;
		T::Members::ensure_active(program.issuer)?;
		let points = math::points_for(value, program.terms.face_value);
		ensure!(points > 0, Error::<T>::ZeroAmount);
		Self::mint(id, &mut program, core::iter::once((to, points)), points)?;
		FlowsOf::<T>::try_mutate(id, |flows| Self::grow(&mut flows.exchanged_in, points))?;
		Ok(points)
	}
}

impl<T: Config> Liabilities for Pallet<T> {
	fn ensure_backed(id: InstitutionId, backing: Balance) -> DispatchResult {
		Self::ensure_within_cap(Outstanding::<T>::get(id), backing)
	}

	fn outstanding(id: InstitutionId) -> Balance {
		Outstanding::<T>::get(id)
	}
}
