import QtQuick
import Alveole
import Alveole.Models

// A code on the number pad: of what is typed only dots are seen.
Item {
    id: screen

    required property PinViewModel vm

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
            spacing: Theme.px(Theme.low || Theme.landscape ? 16 : 32)

            Banner {
                width: parent.width
                text: screen.vm.bannerText
                glyph: screen.vm.bannerGlyph
                tone: screen.vm.bannerTone
            }

            PlainText {
                width: parent.width
                text: screen.vm.headline
                font.bold: true
                font.pixelSize: Theme.title
                horizontalAlignment: Text.AlignHCenter
                Accessible.role: Accessible.Heading
            }

            PlainText {
                width: parent.width
                text: screen.vm.dots
                font.pixelSize: Theme.text(64)
                font.letterSpacing: Theme.px(24)
                horizontalAlignment: Text.AlignHCenter
            }

            NumberPad {
                width: parent.width
                comma: false
                onPressed: key => screen.vm.press(key)
            }
        }
    }
}
