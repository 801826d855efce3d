namespace DtMcp.Investigations;

/// <summary>Recorded captures beside the checkout.</summary>
internal static class Captures
{
    /// <summary>The folder, or null where there is none.</summary>
    public static string? Beside()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var folder = Path.Combine(at.FullName, "shared", "data");
            if (File.Exists(Path.Combine(folder, "m57_long.conn.log.gz")))
            {
                return folder;
            }
        }

        return null;
    }
}
