//! Which documents the site trusts, as options.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, builder::BoolishValueParser};
use courant_server::TrustedDocuments;

/// The documents that can be named by an id instead of being sent.
#[derive(Debug, Args)]
#[command(next_help_heading = "Trusted documents")]
pub(super) struct DocumentOptions {
    /// A manifest of them: a JSON object of documents by their ids (GraphQL Code Generator, Relay), or Apollo's
    #[arg(long, env = "COURANT_TRUSTED_DOCUMENTS", value_name = "FILE")]
    trusted_documents: Option<PathBuf>,

    /// Run no others but those the reader app asks, whoever asks; GraphiQL finds nothing then
    #[arg(long, env = "COURANT_ONLY_TRUSTED_DOCUMENTS", requires = "trusted_documents", value_parser = BoolishValueParser::new())]
    only_trusted_documents: bool,
}

impl DocumentOptions {
    pub(super) fn read(&self) -> Result<TrustedDocuments> {
        let Some(file) = &self.trusted_documents else { return Ok(TrustedDocuments::default()) };
        let shown = file.display();
        let manifest = std::fs::read(file).with_context(|| format!("cannot read the trusted documents in {shown}"))?;
        let read = TrustedDocuments::read(&manifest);
        let trusted = read.with_context(|| format!("{shown} is no manifest of documents"))?;
        Ok(trusted.alone(self.only_trusted_documents))
    }
}
