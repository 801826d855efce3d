namespace DtMcp.Configuration;

/// <summary>Whether and where a line a call is kept.</summary>
/// <param name="IsOn">Whether lines are written.</param>
/// <param name="Path">The file; null for stderr.</param>
/// <param name="FileBytes">How long the file may become.</param>
/// <param name="Secrets">What must not stand in a line.</param>
internal sealed record AuditOptions(bool IsOn, string? Path, long FileBytes, IReadOnlyList<string> Secrets)
{
    // Shorter than this a secret would take words out of every line; none of ours is.
    private const int ShortestSecret = 8;

    public static AuditOptions Read(Settings settings)
    {
        var where = settings.Text(OptionCatalog.Audit) ?? "off";
        var bytes = settings.Whole(OptionCatalog.AuditMb, 1, 1_048_576, 100) << 20;
        if (where.Equals("off", StringComparison.OrdinalIgnoreCase))
        {
            return new AuditOptions(false, null, bytes, []);
        }

        var all = settings.Appliances.Select(appliance => appliance.Settings).Prepend(settings);
        var secrets = all.SelectMany(SecretsOf).Distinct().ToList();
        if (where.Equals("stderr", StringComparison.OrdinalIgnoreCase))
        {
            return new AuditOptions(true, null, bytes, secrets);
        }

        // A word that was meant to be another setting is no file in the working directory.
        return System.IO.Path.IsPathFullyQualified(where)
            ? new AuditOptions(true, where, bytes, secrets)
            : throw new SetupException(
                $"{OptionCatalog.Audit.Name} is neither off nor stderr nor the whole path of a file. Set one, such as " +
                "/var/log/dtmcp/audit.jsonl.");
    }

    private static IEnumerable<string> SecretsOf(Settings settings) => OptionCatalog.All
        .Where(option => option is { HasFile: true, IsOpen: false })
        .Select(settings.Text).OfType<string>().Where(secret => secret.Length >= ShortestSecret);
}
