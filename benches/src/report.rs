//! The tables.

use std::{collections::BTreeMap, fmt::Write};

use crate::{
    cell::Cell,
    database::Dialect,
    run::{CellReport, Figures, Target, TargetReport, Variant},
};

/// The middle of these numbers.
#[must_use]
pub fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    match numbers.len() {
        0 => 0.0,
        count if count % 2 == 1 => numbers[count / 2],
        count => f64::midpoint(numbers[count / 2 - 1], numbers[count / 2]),
    }
}

impl CellReport {
    /// The median over the rounds of one variant's figure.
    #[must_use]
    pub fn median(&self, variant: Variant, figure: impl Fn(&Figures) -> f64) -> f64 {
        median(self.rounds.iter().map(|round| figure(&round[variant as usize])).collect())
    }

    /// Courant's requests per second by a handler's: the median of the rounds' ratios, as the noise of a round is
    /// shared by both.
    #[must_use]
    pub fn ratio(&self, handler: Variant) -> f64 {
        let ratios =
            self.rounds.iter().map(|round| round[Variant::Courant as usize].rate / round[handler as usize].rate);
        median(ratios.collect())
    }

    fn cpu(&self, variant: Variant) -> f64 {
        self.median(variant, |figures| figures.server_cpu + figures.database_cpu)
    }
}

/// One line on one request, for who watches.
#[must_use]
pub fn line(target: &Target, dialect: Dialect, report: &CellReport) -> String {
    let rate = |variant| report.median(variant, |figures| figures.rate);
    format!(
        "{:>9} {:<10} {:<13} {:>7.0}/s  A {:>7.0}/s  B {:>7.0}/s  {:.2} of A  {:.2} of B  {} statements",
        target.articles,
        dialect.name(),
        report.cell.name(),
        rate(Variant::Courant),
        rate(Variant::Json),
        rate(Variant::Rows),
        report.ratio(Variant::Json),
        report.ratio(Variant::Rows),
        report.statements,
    )
}

/// All tables, as Markdown.
#[must_use]
pub fn markdown(reports: &[TargetReport]) -> String {
    let mut text = String::new();
    for dialect in [Dialect::Postgres, Dialect::Sqlite] {
        let reports: Vec<&TargetReport> = reports.iter().filter(|report| report.dialect == dialect).collect();
        if let Some(first) = reports.first() {
            // Writing to a String cannot fail.
            let _ = write!(text, "## {} {}\n\n", dialect.name(), first.version);
            throughput(&mut text, &reports);
            processor(&mut text, dialect, &reports);
        }
    }
    memory(&mut text, reports);
    growth(&mut text, reports);
    text
}

fn throughput(text: &mut String, reports: &[&TargetReport]) {
    text.push_str(
        "| articles | request | Courant, req/s | A, req/s | B, req/s | **of A** | of B | p50, ms | p99, ms | A: p50, p99 |\n\
         |---:|---|---:|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    for report in reports {
        for cell in &report.cells {
            let rate = |variant| thousands(cell.median(variant, |figures| figures.rate));
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} | **{:.2}** | {:.2} | {:.1} | {:.1} | {:.1}, {:.1} |",
                thousands_of(report.articles),
                cell.cell.name(),
                rate(Variant::Courant),
                rate(Variant::Json),
                rate(Variant::Rows),
                cell.ratio(Variant::Json),
                cell.ratio(Variant::Rows),
                cell.median(Variant::Courant, |figures| figures.p50),
                cell.median(Variant::Courant, |figures| figures.p99),
                cell.median(Variant::Json, |figures| figures.p50),
                cell.median(Variant::Json, |figures| figures.p99),
            );
        }
    }
    text.push('\n');
}

fn processor(text: &mut String, dialect: Dialect, reports: &[&TargetReport]) {
    let split = dialect == Dialect::Postgres;
    let of = if split { "server + database" } else { "all" };
    let _ = write!(
        text,
        "| articles | request | statements | Courant, µs of CPU per request ({of}) | A, µs | B, µs |\n\
         |---:|---|---:|---:|---:|---:|\n",
    );
    for report in reports {
        for cell in &report.cells {
            let used = |variant| {
                let server = cell.median(variant, |figures| figures.server_cpu);
                let database = cell.median(variant, |figures| figures.database_cpu);
                if split { format!("{server:.0} + {database:.0}") } else { format!("{server:.0}") }
            };
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} | {} |",
                thousands_of(report.articles),
                cell.cell.name(),
                cell.statements,
                used(Variant::Courant),
                used(Variant::Json),
                used(Variant::Rows),
            );
        }
    }
    text.push('\n');
}

fn memory(text: &mut String, reports: &[TargetReport]) {
    text.push_str(
        "## Memory under load\n\n| articles | database | Courant, MB | handlers, MB |\n|---:|---|---:|---:|\n",
    );
    for report in reports {
        let [courant, handlers] = report.memory;
        let articles = thousands_of(report.articles);
        let _ = writeln!(text, "| {articles} | {} | {courant:.0} | {handlers:.0} |", report.dialect.name());
    }
    text.push('\n');
}

/// How much more a request costs on the largest database than on the smallest.
fn growth(text: &mut String, reports: &[TargetReport]) {
    let mut rows: BTreeMap<(&str, usize), BTreeMap<u64, f64>> = BTreeMap::new();
    for report in reports {
        for cell in &report.cells {
            let place = Cell::ALL.iter().position(|known| *known == cell.cell).unwrap_or_default();
            let costs = rows.entry((report.dialect.name(), place)).or_default();
            costs.insert(report.articles, cell.cpu(Variant::Courant));
        }
    }
    rows.retain(|_, costs| costs.len() > 1);
    if rows.is_empty() {
        return;
    }
    text.push_str(
        "## Growth\n\nCourant's CPU per request, database included, on the largest database by that on the smallest.\n\n\
         | database | request | from | to | times |\n|---|---|---:|---:|---:|\n",
    );
    for ((database, place), costs) in &rows {
        if let (Some((least, small)), Some((most, large))) = (costs.first_key_value(), costs.last_key_value()) {
            let (from, to) = (thousands_of(*least), thousands_of(*most));
            let request = Cell::ALL[*place].name();
            let _ = writeln!(text, "| {database} | {request} | {from} | {to} | {:.2} |", large / small);
        }
    }
    text.push('\n');
}

fn thousands(number: f64) -> String {
    // Rates are far below 2⁵³ and never negative.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rates are small and positive")]
    thousands_of(number.round() as u64)
}

/// A number with its thousands apart: `1,000,000`.
fn thousands_of(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_easily() {
        assert_eq!(thousands_of(7), "7");
        assert_eq!(thousands_of(1_000), "1,000");
        assert_eq!(thousands_of(1_234_567), "1,234,567");
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < 1e-9);
        assert!((median(vec![4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < 1e-9);
    }
}
