import QtQuick
import Alveole
import Alveole.Models

// A sum or a number on the pad, in figures and in words, one field after the other.
Item {
    id: screen

    required property TillsumViewModel vm

    Keys.onPressed: event => {
        event.accepted = false;
        if (event.key === Qt.Key_Backspace)
            screen.vm.press("erase");
        else
            screen.vm.press(event.text);
    }

    Page {
        anchors.fill: parent
        vm: screen.vm

        Scroller {
            anchors.fill: parent
            spacing: Theme.px(Theme.low || Theme.landscape ? 16 : 28)

            Banner {
                width: parent.width
                text: screen.vm.bannerText
                glyph: screen.vm.bannerGlyph
                tone: screen.vm.bannerTone
            }

            PlainText {
                width: parent.width
                visible: text !== ""
                text: screen.vm.before
                color: Theme.muted
                font.pixelSize: Theme.label
            }

            PlainText {
                width: parent.width
                text: screen.vm.headline
                font.bold: true
                font.pixelSize: Theme.title
                horizontalAlignment: Text.AlignHCenter
                Accessible.role: Accessible.Heading
            }

            SumFigure {
                width: parent.width
                figure: screen.vm.figure
                said: screen.vm.said
            }

            PlainText {
                width: parent.width
                visible: text !== ""
                text: screen.vm.change
                font.bold: true
                font.pixelSize: Theme.label
                horizontalAlignment: Text.AlignHCenter
            }

            NumberPad {
                width: parent.width
                comma: screen.vm.comma
                onPressed: key => screen.vm.press(key)
            }
        }
    }
}
