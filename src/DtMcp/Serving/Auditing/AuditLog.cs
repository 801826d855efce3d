using System.Text;
using DtMcp.Configuration;

namespace DtMcp.Serving.Auditing;

/// <summary>Where the lines go: stderr, or a file that gives way to a new one when it is full.</summary>
internal sealed partial class AuditLog : IDisposable
{
    // With a hundred MiB each, half a GiB: a busy day is some MiB.
    private const int OldFiles = 5;

    private readonly Lock _lock = new();
    private readonly AuditOptions _options;
    private readonly TextWriter _error;
    private readonly Redaction _redaction;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private FileStream? _file;
    private bool _isLost;

    private AuditLog(AuditOptions options, TextWriter error, TimeProvider clock, ILogger logger)
    {
        (_options, _error, _clock, _logger) = (options, error, clock, logger);
        _redaction = new Redaction(options.Secrets);
    }

    /// <summary>Null when nothing is to be kept.</summary>
    /// <exception cref="SetupException">The file cannot be opened.</exception>
    public static AuditLog? Open(AuditOptions options, TextWriter error, TimeProvider clock, ILogger logger)
    {
        if (!options.IsOn)
        {
            return null;
        }

        var log = new AuditLog(options, error, clock, logger);
        try
        {
            log._file = options.Path is null ? null : Append(options.Path);
            return log;
        }
        catch (Exception refused) when (IsOfTheFile(refused))
        {
            throw new SetupException(
                $"The file of {OptionCatalog.Audit.Name} cannot be written ({refused.GetType().Name}). Name one in a folder that this " +
                "user may write to.");
        }
    }

    public void Write(AuditLine told)
    {
        var line = told.ToJson(_clock.GetUtcNow(), _redaction);
        lock (_lock)
        {
            if (_options.Path is null)
            {
                _error.WriteLine(line);
                return;
            }

            try
            {
                var bytes = Encoding.ASCII.GetBytes(line + "\n");
                _file ??= Append(_options.Path);
                if (_file.Length > 0 && _file.Length + bytes.Length > _options.FileBytes)
                {
                    GiveWay(_options.Path);
                }

                _file!.Write(bytes);
                _file.Flush();
                _isLost = false;
            }
            catch (Exception failure) when (IsOfTheFile(failure))
            {
                _file?.Dispose();
                _file = null;
                if (!_isLost)
                {
                    Lost(failure.GetType().Name);
                }

                _isLost = true;
            }
        }
    }

    public void Dispose() => _file?.Dispose();

    private void GiveWay(string path)
    {
        _file!.Dispose();
        _file = null;
        for (var i = OldFiles - 1; i >= 0; i--)
        {
            var from = i == 0 ? path : FormattableString.Invariant($"{path}.{i}");
            if (File.Exists(from))
            {
                File.Move(from, FormattableString.Invariant($"{path}.{i + 1}"), overwrite: true);
            }
        }

        _file = Append(path);
    }

    private static FileStream Append(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
        };
        if (!OperatingSystem.IsWindows())
        {
            // Who asked what is not for everybody on the machine.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    private static bool IsOfTheFile(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    [LoggerMessage(LogLevel.Error, "The audit file cannot be written ({Reason}); calls go unrecorded until it can")]
    private partial void Lost(string reason);
}
